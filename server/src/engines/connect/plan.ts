import type { PortChoice, ScanOptions } from '@netdelta/core/profile/options.ts';
import {
  listPorts,
  type PortSet,
  parsePortSet,
  portSetOf,
} from '@netdelta/core/snapshot/port-set.ts';
import { DISCOVERY_PORTS, listCommonPorts } from './common-ports.ts';

/** What the connect engine will do with a profile. Times in ms. */
export interface ConnectPlan {
  /** In the order in which they are asked. */
  readonly ports: readonly number[];
  /** The ports that count as covered: none when only discovery was asked. */
  readonly covered: PortSet;
  readonly sockets: number;
  readonly timeoutMs: number;
  readonly attempts: number;
  /** Asked by the profile, but beyond a TCP connect. */
  readonly omitted: readonly string[];
  /** UDP ports were asked: what is covered is less than what was asked. */
  readonly lacksPorts: boolean;
}

/** Sockets at a time, by timing template 0–5. */
const SOCKETS = [1, 4, 16, 256, 512, 1000];
const TIMEOUT_MS = 1000;
const RETRIES = 2;

/** Turns a profile into what plain TCP connects can do of it, and says what they cannot. Pure. */
export function planConnect(options: ScanOptions): ConnectPlan {
  const { timing, probeTimeoutMs = TIMEOUT_MS, maxRetries = RETRIES } = options;
  const asked = listChoice(options.tcp);
  const onlyDiscovery = options.tcp.kind === 'none' && options.udp.kind === 'none';
  return {
    ports: onlyDiscovery ? discoveryPorts(options) : asked,
    covered: portSetOf(asked),
    sockets: SOCKETS[timing] ?? 256,
    timeoutMs: probeTimeoutMs,
    attempts: maxRetries + 1,
    omitted: listOmitted(options),
    lacksPorts: options.udp.kind !== 'none',
  };
}

function listChoice(choice: PortChoice): number[] {
  if (choice.kind === 'none') return [];
  if (choice.kind === 'list') return [...listPorts(parsePortSet(choice.ports).ports)];
  return listCommonPorts(choice.kind === 'all' ? 65_535 : choice.count);
}

function discoveryPorts({ discovery }: ScanOptions): readonly number[] {
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
