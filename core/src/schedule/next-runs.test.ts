import { describe, expect, it } from 'vitest';
import { nextRuns } from './next-runs.ts';
import type { ScheduleTiming } from './schedule.ts';

const paris = (cron: string): ScheduleTiming => ({ kind: 'cron', cron, timeZone: 'Europe/Paris' });
const newYork = (cron: string): ScheduleTiming => ({
  kind: 'cron',
  cron,
  timeZone: 'America/New_York',
});
const every = (minutes: number): ScheduleTiming => ({
  kind: 'interval',
  minutes,
  startsAt: '2026-03-01T12:00:00+02:00',
});
const once: ScheduleTiming = { kind: 'once', at: '2026-03-01T12:00:00+02:00' };

describe('nextRuns', () => {
  it.each<[string, ScheduleTiming, string, string[]]>([
    [
      'each day',
      paris('0 3 * * *'),
      '2026-01-01T00:00:00Z',
      ['2026-01-01T02:00:00.000Z', '2026-01-02T02:00:00.000Z'],
    ],
    [
      'not at the moment itself',
      paris('0 3 * * *'),
      '2026-01-01T02:00:00Z',
      ['2026-01-02T02:00:00.000Z', '2026-01-03T02:00:00.000Z'],
    ],
    [
      'keeps the clock time over the spring change, Paris',
      paris('0 3 * * *'),
      '2026-03-28T00:00:00Z',
      ['2026-03-28T02:00:00.000Z', '2026-03-29T01:00:00.000Z'],
    ],
    [
      'runs after the gap, Paris',
      paris('30 2 * * *'),
      '2026-03-28T12:00:00Z',
      ['2026-03-29T01:00:00.000Z', '2026-03-30T00:30:00.000Z'],
    ],
    [
      'runs a doubled time once, Paris',
      paris('30 2 * * *'),
      '2026-10-24T12:00:00Z',
      ['2026-10-25T00:30:00.000Z', '2026-10-26T01:30:00.000Z'],
    ],
    [
      'runs after the gap, New York',
      newYork('30 2 * * *'),
      '2026-03-07T12:00:00Z',
      ['2026-03-08T07:00:00.000Z', '2026-03-09T06:30:00.000Z'],
    ],
    [
      'runs a doubled time once, New York',
      newYork('30 1 * * *'),
      '2026-10-31T12:00:00Z',
      ['2026-11-01T05:30:00.000Z', '2026-11-02T06:30:00.000Z'],
    ],
    [
      'runs each hour of the doubled hour',
      newYork('30 * * * *'),
      '2026-11-01T05:00:00Z',
      ['2026-11-01T05:30:00.000Z', '2026-11-01T06:30:00.000Z'],
    ],
    [
      'leap days',
      paris('0 12 29 2 *'),
      '2026-01-01T00:00:00Z',
      ['2028-02-29T11:00:00.000Z', '2032-02-29T11:00:00.000Z'],
    ],
    [
      'interval before its start',
      every(90),
      '2026-01-01T00:00:00Z',
      ['2026-03-01T10:00:00.000Z', '2026-03-01T11:30:00.000Z'],
    ],
    [
      'interval just before its start',
      every(90),
      '2026-03-01T09:59:59.999Z',
      ['2026-03-01T10:00:00.000Z', '2026-03-01T11:30:00.000Z'],
    ],
    [
      'interval at its start',
      every(90),
      '2026-03-01T10:00:00Z',
      ['2026-03-01T11:30:00.000Z', '2026-03-01T13:00:00.000Z'],
    ],
    [
      'interval long after',
      every(1_440),
      '2026-07-01T10:00:01Z',
      ['2026-07-02T10:00:00.000Z', '2026-07-03T10:00:00.000Z'],
    ],
    ['once, ahead', once, '2026-01-01T00:00:00Z', ['2026-03-01T10:00:00.000Z']],
    ['once, now', once, '2026-03-01T10:00:00Z', []],
  ])('%s', (_, timing, after, expected) => {
    expect(nextRuns(timing, after, 2)).toEqual(expected);
  });

  it('gives as many as asked for', () => {
    expect(nextRuns(paris('* * * * *'), '2026-01-01T00:00:00Z', 5)).toHaveLength(5);
    expect(nextRuns(once, '2026-01-01T00:00:00Z', 0)).toEqual([]);
  });
});
