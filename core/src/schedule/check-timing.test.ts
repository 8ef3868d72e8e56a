import { describe, expect, it } from 'vitest';
import { checkTiming } from './check-timing.ts';
import type { ScheduleTiming } from './schedule.ts';

const NOW = '2026-06-01T00:00:00Z';
const cron = (expression: string, timeZone = 'Europe/Paris'): ScheduleTiming => ({
  kind: 'cron',
  cron: expression,
  timeZone,
});

describe('checkTiming', () => {
  it.each<[ScheduleTiming]>([
    [cron('0 3 * * *')],
    [cron('*/15 8-18 * * MON-FRI', 'UTC')],
    [cron('0 0 29 2 *', 'America/New_York')],
    [cron(' 0  3 L * * ')],
    [{ kind: 'interval', minutes: 1, startsAt: '2020-01-01T00:00:00Z' }],
    [{ kind: 'once', at: '2026-06-01T00:00:01Z' }],
  ])('takes %j', (timing) => {
    expect(checkTiming(timing, NOW)).toEqual([]);
  });

  it.each<[ScheduleTiming, string[]]>([
    [cron('0 0 30 2 *'), ['never comes']],
    [cron('0 0 3 * * *'), ['has 6 of 5 fields']],
    [cron('@daily'), ['has 1 of 5 fields']],
    [cron('61 * * * *'), ['Invalid value for minute: 61']],
    [cron('a b c d e'), ['is not a cron expression']],
    [cron('0 3 * * *', 'Mars/Olympus'), ['not a time zone']],
    [cron('0 3 * * *', '+02:00'), ['not a time zone']],
    [cron('0 0 30 2 *', 'Mars/Olympus'), ['never comes', 'not a time zone']],
    [{ kind: 'once', at: '2026-06-01T00:00:00Z' }, ['has passed']],
    [{ kind: 'once', at: '2026-06-01T01:00:00+02:00' }, ['has passed']],
  ])('refuses %j', (timing, expected) => {
    const problems = checkTiming(timing, NOW);
    expect(problems).toHaveLength(expected.length);
    for (const [at, part] of expected.entries()) expect(problems[at]).toContain(part);
  });
});
