import { formatAddress } from './address-range.ts';
import { parseAddressTarget } from './parse-address-target.ts';

/** Addresses from `first` to `last`, both included, as canonical text. */
interface SearchedRange {
  readonly first: string;
  readonly last: string;
}

/** With fewer dots it may as well be a version. */
const BEGINNING = /^(?:\d{1,3}\.){2,3}\d{0,3}$/;
const OCTETS = Array.from({ length: 256 }, (_, octet) => octet);

/**
 * Reads what a person looks for as addresses: a CIDR, a range, an IPv6 address, or the beginning of
 * an IPv4 address with two dots at least (`10.0.3` finds 10.0.3.0–10.0.3.255 and 10.0.30.0–10.0.39.255).
 * Null: it is none of these.
 */
export function readAddressSearch(text: string): readonly SearchedRange[] | null {
  if (BEGINNING.test(text)) return readBeginning(text.split('.'));
  const target = parseAddressTarget(text);
  if (target.kind === 'problem') return null;
  const { family, first, last } = target.range;
  return [{ first: formatAddress(family, first), last: formatAddress(family, last) }];
}

function readBeginning(parts: readonly string[]): SearchedRange[] | null {
  const whole = parts.slice(0, -1);
  if (!whole.every((part) => OCTETS.map(String).includes(part))) return null;
  const begun = parts.at(-1) ?? '';
  const ranges = runsOf(OCTETS.filter((octet) => String(octet).startsWith(begun)));
  return ranges.map(([first, last]) => ({
    first: fill([...whole, first], 0),
    last: fill([...whole, last], 255),
  }));
}

function fill(parts: readonly (string | number)[], rest: number): string {
  return [...parts, rest, rest, rest].slice(0, 4).join('.');
}

/** The first and last of each run of numbers that follow one another. */
function runsOf(numbers: readonly number[]): [number, number][] {
  const runs: [number, number][] = [];
  for (const number of numbers) {
    const open = runs.at(-1);
    if (open && open[1] === number - 1) open[1] = number;
    else runs.push([number, number]);
  }
  return runs;
}
