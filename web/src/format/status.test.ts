import { HOST_STATUSES } from '@netdelta/core/host/status.ts';
import { expect, test } from 'vitest';
import { listStatusCounts, statusLabel } from './status.ts';

test('a code name becomes words', () => {
  expect(statusLabel('STILL_DOWN')).toBe('Still down');
  expect(statusLabel('partial')).toBe('Partial');
});

test('counts show what needs eyes first, and nothing that no address has', () => {
  const rows = listStatusCounts({ UP: 40, ABSENT: 200, DOWN: 1, NEW: 0 });
  expect(rows.map(({ status, count }) => [status, count])).toEqual([
    ['DOWN', 1],
    ['UP', 40],
    ['ABSENT', 200],
  ]);
});

test('none of the ten statuses is forgotten', () => {
  const counts = Object.fromEntries(HOST_STATUSES.map(({ name }) => [name, 1]));
  expect(listStatusCounts(counts)).toHaveLength(HOST_STATUSES.length);
});
