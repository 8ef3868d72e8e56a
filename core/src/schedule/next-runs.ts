import { Cron } from 'croner';
import type { ScheduleTiming } from './schedule.ts';

const MS_PER_MINUTE = 60_000;

/**
 * The next runs after a moment (ISO 8601, itself not included), at most `count`, as ISO 8601 in UTC.
 * Cron follows the clock of its time zone: a fixed time that the change to summer time leaps over
 * runs right after the gap, one that comes twice runs once. Intervals count elapsed minutes. Throws
 * where checkTiming finds the cron expression or time zone wrong.
 */
export function nextRuns(timing: ScheduleTiming, after: string, count: number): string[] {
  switch (timing.kind) {
    case 'cron':
      return openCron(timing)
        .nextRuns(count, new Date(after))
        .map((run) => run.toISOString());
    case 'interval':
      return nextIntervals(timing, Date.parse(after), count);
    case 'once':
      return Date.parse(timing.at) > Date.parse(after)
        ? [isoOf(Date.parse(timing.at))].slice(0, count)
        : [];
  }
}

/** Reads a cron expression of 5 fields without starting any timer. Throws where it is not one. */
export function openCron(timing: { readonly cron: string; readonly timeZone: string }): Cron {
  return new Cron(timing.cron, { mode: '5-part', timezone: timing.timeZone, paused: true });
}

function nextIntervals(
  timing: { readonly startsAt: string; readonly minutes: number },
  after: number,
  count: number,
): string[] {
  const start = Date.parse(timing.startsAt);
  const step = timing.minutes * MS_PER_MINUTE;
  const passed = after < start ? 0 : Math.floor((after - start) / step) + 1;
  return Array.from({ length: count }, (_, at) => isoOf(start + (passed + at) * step));
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}
