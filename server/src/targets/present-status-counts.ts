import { HOST_STATUSES } from '@netdelta/core/host/status.ts';

/**
 * How many hosts have each status, by name, from the counts by code. Targets without a host row
 * were never covered: ADDED. `targets` is how many addresses and names there are.
 */
export function presentStatusCounts(
  byCode: Readonly<Record<string, number>>,
  targets: number,
): Record<string, number> {
  const counts = Object.fromEntries(
    HOST_STATUSES.map(({ name, code }) => [name, byCode[code] ?? 0]),
  );
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const covered = all - (counts.REMOVED ?? 0);
  counts.ADDED = (counts.ADDED ?? 0) + Math.max(0, targets - covered);
  return counts;
}
