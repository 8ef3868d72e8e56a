import type { ScanOptions } from './options.ts';

/**
 * Names the way in which a scan finds out that a host is up, so that silence is only held against a
 * host that was asked in the way in which it last answered. `ports` means: by its ports alone.
 */
export function discoveryWay(
  options: ScanOptions,
  engine: { name: string; privileged: boolean },
): string {
  if (engine.name === 'connect' || options.discovery.kind === 'skip') return 'ports';
  const rights = engine.privileged ? 'raw' : 'unprivileged';
  if (options.discovery.kind === 'standard') return `${engine.name} ${rights} standard`;
  const { kind: _kind, ...probes } = options.discovery;
  return `${engine.name} ${rights} ${JSON.stringify(probes, Object.keys(probes).sort())}`;
}
