import { openCron } from './next-runs.ts';
import type { ScheduleTiming } from './schedule.ts';

const FIELDS = 'minute, hour, day of month, month, day of week';

/** All that keeps a timing from ever running, as sentences; none where it is sound. `now` is ISO 8601. */
export function checkTiming(timing: ScheduleTiming, now: string): string[] {
  switch (timing.kind) {
    case 'cron': {
      const zone = checkZone(timing.timeZone);
      const timeZone = zone.length === 0 ? timing.timeZone : 'UTC';
      return [...checkCron({ cron: timing.cron, timeZone }, now), ...zone];
    }
    case 'interval':
      return [];
    case 'once':
      return Date.parse(timing.at) > Date.parse(now)
        ? []
        : [`${timing.at} has passed: choose a time in the future`];
  }
}

function checkZone(timeZone: string): string[] {
  const message = `"${timeZone}" is not a time zone: write an IANA name such as Europe/Paris or UTC`;
  // Intl takes offsets such as +02:00 too, but they know no summer time.
  if (/^[+-]/.test(timeZone)) return [message];
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return [];
  } catch {
    return [message];
  }
}

function checkCron(timing: { cron: string; timeZone: string }, now: string): string[] {
  const fields = timing.cron.trim().split(/\s+/);
  if (fields.length !== 5) {
    return [`"${timing.cron}" has ${fields.length} of 5 fields: write ${FIELDS}, as in 0 3 * * *`];
  }
  try {
    return openCron(timing).nextRun(new Date(now)) === null
      ? [`"${timing.cron}" never comes: no date has this day and month`]
      : [];
  } catch (error) {
    return [`"${timing.cron}" is not a cron expression (${reasonOf(error)}): write ${FIELDS}`];
  }
}

function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/^CronPattern: /, '');
}
