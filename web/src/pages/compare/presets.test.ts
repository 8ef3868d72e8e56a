import { expect, test } from 'vitest';
import { daysBefore } from './presets.ts';

test.each([
  [1, '2026-11-23T02:00:00.000Z'],
  [30, '2026-10-25T02:00:00.000Z'],
])('%d days before is a whole minute', (days, at) => {
  expect(daysBefore(days, Date.parse('2026-11-24T02:00:59.999Z'))).toBe(at);
});
