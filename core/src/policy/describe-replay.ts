import { differs, type ReplayTotals } from '../api/replay.ts';

/**
 * Sums a replay up in one line:
 * `over 30 scans: told 12, would have told 9: 3 less, 0 more; 2 told later`.
 */
export function describeReplay(scans: number, totals: ReplayTotals): string {
  const { told, wouldTell, less, more, later, earlier, rerated } = totals;
  const over = `over ${scans === 1 ? '1 scan' : `${scans} scans`}: told ${told}`;
  if (!differs(totals)) return `${over}, would have told the same`;
  const shifts = [
    later > 0 && `${later} told later`,
    earlier > 0 && `${earlier} told earlier`,
    rerated > 0 && `${rerated} rated otherwise`,
  ].filter(Boolean);
  return [`${over}, would have told ${wouldTell}: ${less} less, ${more} more`, ...shifts].join(
    '; ',
  );
}
