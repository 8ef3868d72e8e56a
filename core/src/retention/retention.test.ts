import { describe, expect, it } from 'vitest';
import { decideCutoffs } from './cutoffs.ts';
import { nextRetention } from './next-retention.ts';
import { addExpired } from './storage.ts';

describe('decideCutoffs', () => {
  it.each([
    [90, null, '2026-05-31T10:00:00.000Z', '2026-03-02T10:00:00.000Z', null],
    [7, 3, '2026-05-31T10:00:00.000Z', '2026-05-24T10:00:00.000Z', '2026-02-28T10:00:00.000Z'],
    [7, 12, '2028-02-29T00:00:00.000Z', '2028-02-22T00:00:00.000Z', '2027-02-28T00:00:00.000Z'],
    [7, 13, '2026-01-15T00:00:00.000Z', '2026-01-08T00:00:00.000Z', '2024-12-15T00:00:00.000Z'],
  ])('%i days and %s months before %s', (detailDays, historyMonths, now, details, history) => {
    expect(decideCutoffs({ detailDays, historyMonths }, now)).toEqual({ details, history });
  });
});

describe('nextRetention', () => {
  const site = (first: number) =>
    `${first.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`;

  it.each([
    ['at the first minute', 0, '2026-01-10T00:00:00Z', '2026-01-10T00:00:00.000Z'],
    ['at the last one', 239, '2026-01-10T00:00:00Z', '2026-01-10T03:59:00.000Z'],
    ['the day after', 240, '2026-01-10T00:00:00Z', '2026-01-11T00:00:00.000Z'],
  ])('is by the clock of the site, %s', (_what, first, after, next) => {
    // Berlin is an hour ahead in winter: 01:00–05:00 there is 00:00–04:00 UTC.
    if (first === 0) after = '2026-01-09T23:59:00Z';
    expect(nextRetention(site(first), 'Europe/Berlin', after)).toBe(next);
  });

  it('spreads sites over four hours', () => {
    const hours = Array.from({ length: 240 }, (_, at) =>
      nextRetention(site(at), 'UTC', '2026-01-10T00:00:00Z').slice(11, 13),
    );
    expect(new Set(hours)).toEqual(new Set(['01', '02', '03', '04']));
  });
});

describe('addExpired', () => {
  it('sums by kind, and leaves out what is nothing', () => {
    expect(addExpired({ shards: 2, bytes: 10 }, { shards: 3, deltas: 0, bases: 1 })).toEqual({
      shards: 5,
      bases: 1,
      bytes: 10,
    });
  });
});
