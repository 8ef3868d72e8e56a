import type { ScheduleTiming } from '@netdelta/core/schedule/schedule.ts';
import { formatCount } from './count.ts';
import { type Calendar, formatAbsolute } from './time.ts';

/** The cron expressions that most people want, in their own words. */
export const CRON_PRESETS = [
  { cron: '0 2 * * *', label: 'Every night at 2 AM' },
  { cron: '0 * * * *', label: 'Every hour, on the hour' },
  { cron: '0 */6 * * *', label: 'Every six hours' },
  { cron: '0 6 * * 1-5', label: 'Monday to Friday at 6 AM' },
  { cron: '0 3 * * 0', label: 'Every Sunday at 3 AM' },
  { cron: '0 4 1 * *', label: 'On the first of the month at 4 AM' },
] as const;

const STEPS = [
  [1_440, 'day'],
  [60, 'hour'],
  [1, 'minute'],
] as const;

/** Tells when a schedule runs, in one line. `calendar` is the site's, for instants without a zone of their own. */
export function describeTiming(timing: ScheduleTiming, calendar: Calendar): string {
  if (timing.kind === 'once') return `Once, ${formatAbsolute(timing.at, calendar)}`;
  if (timing.kind === 'interval') return `Every ${describeMinutes(timing.minutes)}`;
  const preset = CRON_PRESETS.find(({ cron }) => cron === timing.cron);
  return `${preset?.label ?? timing.cron} (${timing.timeZone})`;
}

/** Splits minutes into the largest unit that divides them: 120 → 2 hours. */
export function splitMinutes(minutes: number): { amount: number; unit: 'day' | 'hour' | 'minute' } {
  const [size, unit] = STEPS.find(([step]) => minutes % step === 0) ?? [1, 'minute'];
  return { amount: minutes / size, unit };
}

function describeMinutes(minutes: number): string {
  const { amount, unit } = splitMinutes(minutes);
  return amount === 1 ? unit : formatCount(amount, unit);
}
