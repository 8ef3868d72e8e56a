import { compareScripts } from '@netdelta/core/compare/compare-listings.ts';
import type { ScanHeading } from '@netdelta/core/compare/listing.ts';
import { printable } from '../looks/printable.ts';
import { describeScriptsText } from './describe-text.ts';

/** The first lines: which scans, where they differ in that. */
export function describeBanner(
  before: ScanHeading,
  after: ScanHeading,
  complete: boolean,
): string[] {
  const [was, is] = [bannerOf(before), bannerOf(after)].map(printable);
  if (was !== is) return [`-${was}`, `+${is}`];
  return complete ? [` ${was}`] : [];
}

function bannerOf({ scanner, version, start, args }: ScanHeading): string {
  return [
    scanner === null || scanner === 'nmap' ? 'Nmap' : scanner,
    ...(version === null ? [] : [version]),
    'scan',
    ...(start === null ? [] : [`initiated ${formatTime(start)}`]),
    ...(args === null ? [] : [`as: ${args}`]),
  ].join(' ');
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** As C's asctime writes it, in the time zone of this machine: `Wed Jan 01 03:00:00 2025`. */
export function formatTime(seconds: number): string {
  const at = new Date(seconds * 1000);
  const clock = [at.getHours(), at.getMinutes(), at.getSeconds()].map(twoDigits).join(':');
  const day = `${DAYS[at.getDay()]} ${MONTHS[at.getMonth()]} ${twoDigits(at.getDate())}`;
  return `${day} ${clock} ${at.getFullYear()}`;
}

const twoDigits = (number: number) => String(number).padStart(2, '0');

/** What scripts said before all hosts, or after them. */
export function describeRunScripts(
  when: 'before' | 'after',
  [one, other]: readonly [ScanHeading, ScanHeading],
  complete: boolean,
): string[] {
  const scripts = compareScripts(one[when], other[when], complete);
  const title = when === 'before' ? 'Pre-scan script results' : 'Post-scan script results';
  const sides = { before: { scripts: one[when] }, after: { scripts: other[when] } };
  return describeScriptsText(title, { ...sides, scripts }, complete);
}
