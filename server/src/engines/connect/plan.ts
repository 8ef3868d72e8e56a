import type { PortChoice, ScanOptions } from '@netdelta/core/profile/options.ts';
import {
  listPorts,
  type PortSet,
  parsePortSet,
  portSetOf,
} from '@netdelta/core/snapshot/port-set.ts';
import type { TimeoutLimits } from '@netdelta/core/sweep/time-out.ts';
import { DISCOVERY_PORTS, listCommonPorts } from './common-ports.ts';

/** What the connect engine will do with a profile. Times in ms. */
export interface ConnectPlan {
  /** The ports by which it is found out who is up; none: all ports of all addresses are asked. */
  readonly discovery: readonly number[];
  /** In the order in which they are asked; none where only discovery is wanted. */
  readonly ports: readonly number[];
  readonly covered: PortSet;
  readonly sockets: number;
  readonly timeouts: TimeoutLimits;
  /** How often a silent endpoint is asked; null: as often as the loss makes it necessary. */
  readonly attempts: number | null;
  /** Asked by the profile, but beyond a TCP connect. */
  readonly omitted: readonly string[];
  /** UDP ports were asked: what is covered is less than what was asked. */
  readonly lacksPorts: boolean;
}

/** What of this machine a plan depends on. */
export interface PlanMeans {
  /** nmap's own list of the most common ports, where a profile asks for those and nmap is there. */
  readonly topPorts?: string;
  /** How many files this process may have open. */
  readonly openFiles?: number;
}

/** Sockets at a time, by timing template 0–5. */
const SOCKETS = [1, 4, 16, 256, 1000, 2000];
/** The kernel repeats a SYN after a second: below that, one connect is one packet. */
const CEILING_MS = 950;
/** With thousands of sockets Node itself needs a part of this to see an answer. */
const FLOOR_MS = 300;

/** Turns a profile into what plain TCP connects can do of it, and says what they cannot. Pure. */
export function planConnect(options: ScanOptions, means: PlanMeans = {}): ConnectPlan {
  const { timing, probeTimeoutMs = CEILING_MS, maxRetries, minRate = 0 } = options;
  const ports = listChoice(options.tcp, means.topPorts);
  const wanted = Math.max(SOCKETS[timing] ?? 256, Math.ceil((minRate * FLOOR_MS) / 1000));
  return {
    discovery: listDiscovery(options),
    ports,
    covered: portSetOf(ports),
    // The other half is for everything else that this process does.
    sockets: Math.max(1, Math.min(wanted, Math.floor((means.openFiles ?? wanted * 2) / 2))),
    timeouts: { floorMs: FLOOR_MS, ceilingMs: probeTimeoutMs },
    attempts: maxRetries === undefined ? null : maxRetries + 1,
    omitted: listOmitted(options),
    lacksPorts: options.udp.kind !== 'none',
  };
}

function listChoice(choice: PortChoice, topPorts: string | undefined): number[] {
  if (choice.kind === 'none') return [];
  if (choice.kind === 'list') return [...listPorts(parsePortSet(choice.ports).ports)];
  if (choice.kind === 'all') return listCommonPorts(65_535);
  if (!topPorts) return listCommonPorts(choice.count);
  const top = new Set(listPorts(parsePortSet(topPorts).ports));
  const ordered = listCommonPorts(choice.count).filter((port) => top.has(port));
  return [...new Set([...ordered, ...top])];
}

function listDiscovery({ discovery, tcp, udp }: ScanOptions): readonly number[] {
  const onlyUdp = tcp.kind === 'none' && udp.kind !== 'none';
  const onlyDiscovery = tcp.kind === 'none' && udp.kind === 'none';
  if (onlyUdp || (discovery.kind === 'skip' && !onlyDiscovery)) return [];
  if (discovery.kind !== 'probes') return DISCOVERY_PORTS;
  const { ports } = parsePortSet(`${discovery.tcpSynPorts},${discovery.tcpAckPorts}`);
  return ports.length > 0 ? [...listPorts(ports)] : DISCOVERY_PORTS;
}

function listOmitted(options: ScanOptions): string[] {
  return [
    ...(options.udp.kind === 'none' ? [] : ['UDP ports']),
    ...(options.osDetection ? ['operating system detection'] : []),
    ...(options.scripts.length > 0 ? ['scripts'] : []),
    ...(options.tcpTechnique === 'syn' ? ['SYN scan (connects were used)'] : []),
  ];
}
