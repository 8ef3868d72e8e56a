import { HOST_STATUSES, type HostStatus } from '@netdelta/core/host/status.ts';

/** Writes a code name as words: `STILL_DOWN` → `Still down`, `cancelling` → `Cancelling`. */
export function statusLabel(name: string): string {
  const words = name.toLowerCase().replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The statuses in the order in which counts of them are shown: what needs eyes comes first. */
const BY_ATTENTION: readonly HostStatus[] = [
  'DOWN',
  'CHANGED',
  'NEW',
  'RETURNED',
  'MISSED',
  'STILL_DOWN',
  'UP',
  'ADDED',
  'ABSENT',
  'REMOVED',
];

/** Counts by status with what needs eyes first; statuses that no address has are left out. */
export function listStatusCounts(
  counts: Readonly<Record<string, number>>,
): { status: HostStatus; count: number; meaning: string }[] {
  return BY_ATTENTION.flatMap((status) => {
    const count = counts[status] ?? 0;
    const meaning = HOST_STATUSES.find(({ name }) => name === status)?.meaning ?? '';
    return count > 0 ? [{ status, count, meaning }] : [];
  });
}
