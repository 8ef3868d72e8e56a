import { formatAddress } from './address-range.ts';
import type { Target } from './target.ts';
import { rangesLeft } from './target-ranges.ts';

/**
 * Gives the addresses of targets less exclusions one by one, in canonical text, IPv4 first, in
 * order, each once. Lazy: a /8 costs nothing until it is read. Names are left out.
 */
export function* expandTargets(
  targets: readonly Target[],
  exclusions: readonly Target[],
): Generator<string, void, undefined> {
  for (const { family, first, last } of rangesLeft(targets, exclusions)) {
    for (let value = first; value <= last; value += 1n) yield formatAddress(family, value);
  }
}
