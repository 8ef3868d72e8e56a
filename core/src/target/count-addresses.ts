import type { Target } from './target.ts';
import { rangesLeft } from './target-ranges.ts';

/** How many addresses targets less exclusions hold, each counted once; names count for none. */
export function countAddresses(targets: readonly Target[], exclusions: readonly Target[]): bigint {
  return rangesLeft(targets, exclusions).reduce(
    (count, { first, last }) => count + (last - first) + 1n,
    0n,
  );
}
