import {
  ADDRESS_BITS,
  type AddressRange,
  compareRanges,
  formatAddress,
  parseAddress,
} from './address-range.ts';
import type { Target } from './target.ts';

/** The ranges of targets, in their order; names have none. */
export function rangesOf(targets: readonly Target[]): AddressRange[] {
  return targets.flatMap((target) => {
    if (target.kind === 'name') return [];
    const first = parseAddress(target.first);
    const last = parseAddress(target.last);
    if (first === null || last === null) return [];
    return [{ family: first.family, first: first.value, last: last.value }];
  });
}

/** Writes a range as a target: as an address, else as a CIDR where it is one, else as first-last. */
export function formatRange(range: AddressRange): Target {
  const first = formatAddress(range.family, range.first);
  const last = formatAddress(range.family, range.last);
  return { kind: 'range', text: textOf(range, first, last), first, last };
}

/** Whether an address is in one of these ranges (in order and without overlap), in O(log ranges). */
export function isWithin(ranges: readonly AddressRange[], text: string): boolean {
  const address = parseAddress(text);
  if (!address) return false;
  let low = 0;
  let high = ranges.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const { family, first, last } = ranges[middle] as AddressRange;
    if (address.family < family || (address.family === family && address.value < first))
      high = middle - 1;
    else if (address.family > family || address.value > last) low = middle + 1;
    else return true;
  }
  return false;
}

/** Sorts ranges and joins those that overlap. Ranges that merely touch stay apart, as they were written. */
export function mergeRanges(ranges: readonly AddressRange[]): AddressRange[] {
  const merged: AddressRange[] = [];
  for (const range of ranges.toSorted(compareRanges)) {
    const open = merged.at(-1);
    if (open === undefined || open.family !== range.family || open.last < range.first) {
      merged.push(range);
    } else if (open.last < range.last) {
      merged[merged.length - 1] = { ...open, last: range.last };
    }
  }
  return merged;
}

/** The addresses of targets that no exclusion holds, as ranges in order and without overlap. */
export function rangesLeft(
  targets: readonly Target[],
  exclusions: readonly Target[],
): AddressRange[] {
  return cutRanges(mergeRanges(rangesOf(targets)), mergeRanges(rangesOf(exclusions)));
}

/** What of `ranges` no one of `cuts` holds. Both are merged (`mergeRanges`), and so is the answer; one walk along both. */
export function cutRanges(
  ranges: readonly AddressRange[],
  cuts: readonly AddressRange[],
): AddressRange[] {
  const left: AddressRange[] = [];
  let at = 0;
  for (const range of ranges) {
    at = skipBefore(cuts, at, range);
    for (const piece of cutRange(range, cuts, at)) left.push(piece);
  }
  return left;
}

/**
 * The addresses of targets less exclusions, as ranges of canonical text, both ends included, in
 * order and without overlap; for comparisons with SQL `inet`. Names are left out.
 */
export function subtractRanges(
  targets: readonly Target[],
  exclusions: readonly Target[],
): { first: string; last: string }[] {
  return rangesLeft(targets, exclusions).map(({ family, first, last }) => ({
    first: formatAddress(family, first),
    last: formatAddress(family, last),
  }));
}

/**
 * The host names of targets that are not excluded by name. An excluded address is still to be
 * taken out of what such a name resolves to.
 */
export function subtractNames(targets: readonly Target[], exclusions: readonly Target[]): string[] {
  const excluded = new Set(namesOf(exclusions));
  return [...new Set(namesOf(targets))].filter((name) => !excluded.has(name));
}

function namesOf(targets: readonly Target[]): string[] {
  return targets.filter((target) => target.kind === 'name').map((target) => target.text);
}

function textOf(range: AddressRange, first: string, last: string): string {
  const size = range.last - range.first + 1n;
  if (size === 1n) return first;
  const isCidr = (size & (size - 1n)) === 0n && range.first % size === 0n;
  if (!isCidr) return `${first}-${last}`;
  return `${first}/${ADDRESS_BITS[range.family] - (size.toString(2).length - 1)}`;
}

function skipBefore(cuts: readonly AddressRange[], from: number, range: AddressRange): number {
  let at = from;
  for (let cut = cuts[at]; cut !== undefined && endsBefore(cut, range); cut = cuts[at]) at += 1;
  return at;
}

function cutRange(
  range: AddressRange,
  cuts: readonly AddressRange[],
  from: number,
): AddressRange[] {
  const { family, last } = range;
  const left: AddressRange[] = [];
  let first = range.first;
  for (let at = from; first <= last; at += 1) {
    const cut = cuts[at];
    if (cut === undefined || endsBefore(range, cut)) break;
    if (first < cut.first) left.push({ family, first, last: cut.first - 1n });
    first = cut.last + 1n;
  }
  if (first <= last) left.push({ family, first, last });
  return left;
}

function endsBefore(one: AddressRange, other: AddressRange): boolean {
  if (one.family !== other.family) return one.family < other.family;
  return one.last < other.first;
}
