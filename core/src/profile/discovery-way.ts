import type { ScanOptions } from './options.ts';

/** Whether a profile's discovery asks more than TCP: by the engine's own choice, or by its ICMP probes. */
export function asksIcmp({ discovery }: ScanOptions): boolean {
  if (discovery.kind === 'probes') return discovery.icmpEcho || discovery.icmpTimestamp;
  return discovery.kind === 'standard';
}

/**
 * Names the way in which a scan finds out that a host is up, so that silence is only held against a
 * host that was asked in the way in which it last answered. `ports` means: by its ports alone.
 * A privileged `connect` has nmap ask by ICMP and ARP whoever answers no connect.
 */
export function discoveryWay(
  options: ScanOptions,
  engine: { name: string; privileged: boolean },
): string {
  const { discovery } = options;
  if (discovery.kind === 'skip') return 'ports';
  if (engine.name === 'connect' && !(engine.privileged && asksIcmp(options))) return 'ports';
  const rights = engine.privileged ? 'raw' : 'unprivileged';
  if (discovery.kind === 'standard') return `${engine.name} ${rights} standard`;
  const { kind: _kind, ...probes } = discovery;
  return `${engine.name} ${rights} ${JSON.stringify(probes, Object.keys(probes).sort())}`;
}
