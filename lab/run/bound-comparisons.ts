import type { PathName } from './parse-words.ts';

/**
 * Plain `nmap -T4` answers loss by slowing down: 64 addresses took 87 s a scan at 5 %, 201 s at 10 %
 * and 491 s at 20 %. Unless the run is thorough it joins only the first comparisons.
 */
export function boundComparisons(
  scanner: string,
  path: PathName,
  { wanted, thorough }: { wanted: number; thorough: boolean },
): { readonly comparisons: number; readonly note: string } {
  const most = scanner === 'nmap-ndiff' && !thorough ? mostOf(path) : wanted;
  if (most >= wanted) return { comparisons: wanted, note: '' };
  const note = most === 0 ? 'left out: takes minutes a scan' : `only ${most} of ${wanted}: slow`;
  return { comparisons: most, note: `${note} (--thorough)` };
}

function mostOf(path: PathName): number {
  if (path === 'bursts') return 1;
  const row = BOUNDS.find(({ loss }) => path >= loss);
  return row?.comparisons ?? Number.POSITIVE_INFINITY;
}

/** One comparison is two scans. */
const BOUNDS = [
  { loss: 0.2, comparisons: 0 },
  { loss: 0.1, comparisons: 1 },
  { loss: 0.05, comparisons: 2 },
  { loss: 0.01, comparisons: 10 },
] as const;
