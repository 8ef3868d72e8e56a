import { expect, test } from 'vitest';
import { durationBetween, formatAbsolute, formatDuration, formatRelative } from './time.ts';

const calendarOf = (timeZone: string, dateLocale = 'en-GB') => ({ timeZone, dateLocale });

const NOW = Date.parse('2026-11-24T12:00:00Z');

test.each([
  ['2026-11-24T12:00:02Z', 'just now'],
  ['2026-11-24T11:59:20Z', 'just now'],
  ['2026-11-24T12:00:40Z', 'in less than a minute'],
  ['2026-11-24T11:58:30Z', '1 minute ago'],
  ['2026-11-24T14:59:00Z', 'in 2 hours'],
  ['2026-11-22T11:00:00Z', '2 days ago'],
  ['2025-10-01T00:00:00Z', '1 year ago'],
])('%s is %s', (iso, words) => {
  expect(formatRelative(iso, NOW)).toBe(words);
});

test('an instant is written in the zone asked for, over the date line too', () => {
  expect(formatAbsolute('2026-11-24T23:30:00Z', calendarOf('Europe/Berlin'))).toBe(
    '25 Nov 2026, 00:30',
  );
  expect(formatAbsolute('2026-11-24T23:30:00Z', calendarOf('UTC'))).toBe('24 Nov 2026, 23:30');
  expect(formatAbsolute('2026-11-24T23:30:00Z', calendarOf('UTC', 'de-DE'))).toBe(
    '24.11.2026, 23:30',
  );
});

test.each([
  [0, '0 s'],
  [45.4, '45 s'],
  [60, '1 min'],
  [185, '3 min 5 s'],
  [7_800, '2 h 10 min'],
  [3_605, '1 h'],
  [273_600, '3 d 4 h'],
])('%d seconds are %s', (seconds, words) => {
  expect(formatDuration(seconds)).toBe(words);
});

test('a length needs both its ends', () => {
  expect(durationBetween('2026-11-24T12:00:00Z', null)).toBeNull();
  expect(durationBetween('2026-11-24T12:00:00Z', '2026-11-24T12:01:30Z')).toBe('1 min 30 s');
});
