import { expect, test } from 'vitest';
import { fromLocalInput, toLocalInput } from './zoned-time.ts';

test.each([
  ['2026-11-24T02:00', 'UTC', '2026-11-24T02:00:00.000Z'],
  ['2026-11-24T02:00', 'Europe/Berlin', '2026-11-24T01:00:00.000Z'],
  ['2026-07-01T02:00', 'Europe/Berlin', '2026-07-01T00:00:00.000Z'],
  ['2026-11-24T00:15', 'Asia/Kathmandu', '2026-11-23T18:30:00.000Z'],
  // Just after the clocks went forward: a first guess alone would use the old offset.
  ['2026-03-08T03:30', 'America/New_York', '2026-03-08T07:30:00.000Z'],
])('%s in %s is %s, and back', (local, zone, iso) => {
  expect(fromLocalInput(local, zone)).toBe(iso);
  expect(toLocalInput(iso, zone)).toBe(local);
});

test('a text that is no date has no instant', () => {
  expect(fromLocalInput('', 'UTC')).toBeNull();
});
