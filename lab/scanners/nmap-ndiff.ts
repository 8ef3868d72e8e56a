import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { LabNetwork } from '../network/lab-network.ts';
import { runCommand } from '../network/run-command.ts';
import { readNdiff } from './read-ndiff.ts';
import type { CreateScanner, Scanner, ScannerOptions, ScanReport } from './scanner.ts';

/** The sweeps that are compared, each as the words behind `nmap -n`. */
export const SWEEPS = {
  T4: ['-sS', '-T4', '-F'],
  retries0: ['-sS', '-T4', '-F', '--max-retries', '0'],
  minrate3: ['-sS', '-T4', '-F', '--min-rate', '2000', '--max-retries', '3'],
  minrate6: ['-sS', '-T4', '-F', '--min-rate', '2000', '--max-retries', '6'],
} as const satisfies Record<string, readonly string[]>;
export type SweepName = keyof typeof SWEEPS;

/** Plain -T4 was seen to take up to 500 s for 64 addresses at 20 % loss. */
const LONGEST_MS = 20 * 60_000;

/** Makes a scanner of nmap, by one of the sweeps, and ndiff of each file with the one before. */
export function createNmapNdiff(sweep: SweepName): CreateScanner {
  return async (network, options) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'netdelta-lab-'));
    return buildScanner({ folder, network, options, sweep });
  };
}

interface Parts {
  readonly folder: string;
  readonly network: LabNetwork;
  readonly options: ScannerOptions;
  readonly sweep: SweepName;
}

function buildScanner({ folder, network, options, sweep }: Parts): Scanner {
  const [older, newer] = ['older.xml', 'newer.xml'].map((name) => path.join(folder, name)) as [
    string,
    string,
  ];
  let scans = 0;
  return {
    name: sweep === 'T4' ? 'nmap-ndiff' : `nmap-ndiff:${sweep}`,
    scan: async () => {
      if (scans > 0) await rename(newer, older);
      const started = performance.now();
      await runCommand(wordsOf(network, { sweep, versions: options.versions, file: newer }), {
        timeoutMs: LONGEST_MS,
      });
      const seconds = (performance.now() - started) / 1000;
      scans += 1;
      return { seconds, ...(scans > 1 ? await compareFiles(older, newer) : { reported: [] }) };
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

function wordsOf(
  { near, addresses }: LabNetwork,
  { sweep, versions, file }: { sweep: SweepName; versions: boolean; file: string },
): [string, ...string[]] {
  const words = ['nmap', '-n', ...SWEEPS[sweep], ...(versions ? ['-sV'] : []), '-oX', file];
  return ['ip', 'netns', 'exec', near, ...words, ...addresses];
}

/** ndiff ends with 1 when the files differ. */
async function compareFiles(
  older: string,
  newer: string,
): Promise<Pick<ScanReport, 'reported' | 'flips'>> {
  return readNdiff(await runCommand(['ndiff', older, newer], { accept: [0, 1] }));
}
