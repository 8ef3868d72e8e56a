import { type AddressRange, compareRanges } from '../target/address-range.ts';
import { formatRange } from '../target/target-ranges.ts';
import type { Outside } from './scope.ts';

const MOST_SHOWN = 10;

/** Why a scan is refused, in two or three sentences; null: nothing of it lies outside. */
export function describeOutside({ ranges, expired }: Outside): string | null {
  if (ranges.length === 0) return null;
  const count = countOf(ranges);
  const what = count === 1n ? '1 address' : `${count.toLocaleString('en')} addresses`;
  const ended =
    expired.length > 0 ? ` The authorisation of ${listRanges(expired)} has expired.` : '';
  return `This scan would ask ${what} outside of the site's scope: ${listRanges(ranges)}.${ended} Nothing was sent. Take them out of the group, or have the scope widened.`;
}

/** The first ranges in their shortest form, and how many more there are: `10.0.0.0/24, 10.0.2.1 and 3 more ranges`. */
export function listRanges(ranges: readonly AddressRange[]): string {
  const shown = ranges.toSorted(compareRanges).slice(0, MOST_SHOWN);
  const texts = shown.map((range) => formatRange(range).text).join(', ');
  const more = ranges.length - shown.length;
  if (more === 0) return texts;
  return `${texts} and ${more === 1 ? '1 more range' : `${more.toLocaleString('en')} more ranges`}`;
}

function countOf(ranges: readonly AddressRange[]): bigint {
  return ranges.reduce((sum, { first, last }) => sum + last - first + 1n, 0n);
}
