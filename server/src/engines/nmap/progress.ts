import type { HostObservation } from '@netdelta/core/snapshot/snapshot.ts';
import type { NmapTask } from '../../formats/nmap/elements.ts';
import type { EngineProgress } from '../engine.ts';

/** Where each of nmap's tasks lies within the time that one group of hosts takes: from, to. */
const TASKS: readonly (readonly [RegExp, number, number])[] = [
  [/ping|arp|nd scan/i, 0, 0.1],
  [/dns/i, 0.1, 0.12],
  [/service/i, 0.7, 0.92],
  [/script|nse|os /i, 0.92, 1],
  [/udp/i, 0.4, 0.7],
  [/scan/i, 0.12, 0.7],
];
/** nmap asks the ports of so many hosts at a time, and reports them together. */
const GROUP_SIZE = 64;

/** Counts what nmap has found so far, and how far it has got: an estimate that never goes back. */
export function createNmapProgress(total: number, onProgress: (now: EngineProgress) => void) {
  const up = new Set<string>();
  let done = 0;
  let open = 0;
  let phase = 0;
  let fraction = 0;
  const tell = () => {
    const working = Math.min(GROUP_SIZE, total - done);
    fraction = Math.max(fraction, Math.min(1, (done + working * phase) / total));
    onProgress({ fraction, hostsUp: up.size, servicesOpen: open });
  };
  return {
    onTask: ({ task, fraction: part }: NmapTask) => {
      const [, from, to] = TASKS.find(([name]) => name.test(task)) ?? [/./, 0, 0];
      phase = from + (to - from) * part;
      tell();
    },
    onHint: (address: string) => {
      up.add(address);
      tell();
    },
    onHost: (host: HostObservation | null) => {
      done += 1;
      phase = 0;
      if (host?.status === 'up') up.add(host.address);
      open += host?.endpoints.filter(({ state }) => state === 'open').length ?? 0;
      tell();
    },
  };
}
