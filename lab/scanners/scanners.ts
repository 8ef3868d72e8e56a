import { createNetDelta } from './netdelta.ts';
import { createNmapNdiff, SWEEPS, type SweepName } from './nmap-ndiff.ts';
import type { CreateScanner } from './scanner.ts';

/** What can be compared, by the name that `--scanner` takes. */
export const SCANNERS: Readonly<Record<string, CreateScanner>> = {
  netdelta: createNetDelta('auto'),
  'netdelta:nmap': createNetDelta('nmap'),
  'netdelta:connect': createNetDelta('connect'),
  ...Object.fromEntries(
    (Object.keys(SWEEPS) as SweepName[]).map((sweep) => [
      sweep === 'T4' ? 'nmap-ndiff' : `nmap-ndiff:${sweep}`,
      createNmapNdiff(sweep),
    ]),
  ),
};
