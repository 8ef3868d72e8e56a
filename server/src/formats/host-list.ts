import type { HostObservation, Snapshot, UncoveredHost } from '@netdelta/core/snapshot/snapshot.ts';
import type { NmapReaderListener } from './nmap/elements.ts';

/** Keeps all hosts of a file in memory, each once: the last word on an address counts. */
export function createHostList(): {
  readonly listener: NmapReaderListener;
  readonly list: () => Snapshot;
} {
  const hosts = new Map<string, HostObservation>();
  const uncovered = new Map<string, UncoveredHost>();
  return {
    listener: {
      onHost: (outcome) => {
        if (outcome.kind === 'seen') hosts.set(outcome.host.address, outcome.host);
        else uncovered.set(outcome.host.address, outcome.host);
      },
    },
    list: () => ({
      hosts: [...hosts.values()],
      uncovered: [...uncovered.values()].filter(({ address }) => !hosts.has(address)),
    }),
  };
}
