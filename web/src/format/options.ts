import type { PortChoice, ScanOptions } from '@netdelta/core/profile/options.ts';
import { formatCount, formatNumber } from './count.ts';

/** One line of a profile as people read it. */
export interface OptionRow {
  readonly label: string;
  readonly value: string;
}

const TIMINGS = ['paranoid', 'sneaky', 'polite', 'normal', 'aggressive', 'insane'] as const;
const ENGINES = { auto: 'chosen by what is available', nmap: 'nmap', connect: 'built-in connect' };
const TECHNIQUES = { auto: 'SYN where allowed, else connect', syn: 'SYN', connect: 'connect' };

/** Names the ports of one protocol: `1,000 most common`, `22,80`, `all 65,535`, `none`. */
export function describePorts(choice: PortChoice): string {
  switch (choice.kind) {
    case 'none':
      return 'none';
    case 'all':
      return 'all 65,535';
    case 'top':
      return `${formatNumber(choice.count)} most common`;
    case 'list':
      return choice.ports;
  }
}

/** All that a profile says, line by line, in the order in which the editor asks it. */
export function describeOptions(options: ScanOptions): OptionRow[] {
  return [
    { label: 'Engine', value: ENGINES[options.engine] },
    { label: 'TCP ports', value: describePorts(options.tcp) },
    { label: 'UDP ports', value: describePorts(options.udp) },
    { label: 'TCP technique', value: TECHNIQUES[options.tcpTechnique] },
    { label: 'Host discovery', value: describeDiscovery(options.discovery) },
    {
      label: 'Service detection',
      value: options.serviceDetection ? `on, intensity ${options.versionIntensity}` : 'off',
    },
    { label: 'Operating system', value: options.osDetection ? 'detected' : 'not asked' },
    { label: 'Scripts', value: options.scripts.join(', ') || 'none' },
    { label: 'Names by reverse DNS', value: options.reverseDns ? 'asked' : 'not asked' },
    { label: 'Timing', value: `${options.timing} (${TIMINGS[options.timing] ?? ''})` },
    ...describeLimits(options),
  ];
}

/** The lines that differ between two profiles, by their label. */
export function differingLabels(before: ScanOptions, after: ScanOptions): ReadonlySet<string> {
  const old = new Map(describeOptions(before).map((row) => [row.label, row.value]));
  const now = new Map(describeOptions(after).map((row) => [row.label, row.value]));
  const labels = [...new Set([...old.keys(), ...now.keys()])];
  return new Set(labels.filter((label) => old.get(label) !== now.get(label)));
}

function describeDiscovery(discovery: ScanOptions['discovery']): string {
  if (discovery.kind === 'standard') return "the engine's own probes";
  if (discovery.kind === 'skip') return 'none, every address is asked';
  const probes = [
    discovery.icmpEcho && 'ICMP echo',
    discovery.icmpTimestamp && 'ICMP timestamp',
    discovery.tcpSynPorts && `TCP SYN ${discovery.tcpSynPorts}`,
    discovery.tcpAckPorts && `TCP ACK ${discovery.tcpAckPorts}`,
    discovery.udpPorts && `UDP ${discovery.udpPorts}`,
  ];
  return probes.filter(Boolean).join(', ');
}

function describeLimits(options: ScanOptions): OptionRow[] {
  const row = (label: string, amount: number | undefined, unit: string): OptionRow[] =>
    amount === undefined ? [] : [{ label, value: `${formatNumber(amount)} ${unit}` }];
  return [
    ...row('Retries of one probe', options.maxRetries, 'at most'),
    ...row('Lowest rate', options.minRate, 'packets/s'),
    ...row('Highest rate', options.maxRate, 'packets/s'),
    ...row('Time for one host', options.hostTimeoutSeconds, 's at most'),
    ...row('Wait for one answer', options.probeTimeoutMs, 'ms at most'),
    {
      label: 'Time for 256 addresses',
      value: `${formatCount(options.shardTimeoutMinutes, 'minute')} at most`,
    },
  ];
}
