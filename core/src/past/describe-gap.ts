import type { Gap } from './compare-moments.ts';

/**
 * Says in one sentence without a full stop why something cannot be compared:
 * `10.0.0.5: tcp/443 had not been asked by 24 Nov 2026, 02:00 CET`. `moments` are the two instants as
 * people read them.
 */
export function describeGap(
  { address, endpoint, missing, why }: Gap,
  moments: Readonly<Record<Gap['missing'], string>>,
): string {
  const what = endpoint === undefined ? address : `${address}: ${endpoint}`;
  const when = moments[missing];
  return why === 'not-covered'
    ? `${what} had not been asked by ${when}`
    : `${what} was no target of the group at ${when}`;
}
