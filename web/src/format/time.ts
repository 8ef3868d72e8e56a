import { describeMoment } from '@netdelta/core/delta/describe-moment.ts';

const UNITS: readonly [unit: Intl.RelativeTimeFormatUnit, seconds: number][] = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

const RELATIVE = new Intl.RelativeTimeFormat('en', { numeric: 'always' });

/** By which clock and in which language of dates a site writes its times. */
export interface Calendar {
  /** IANA */
  readonly timeZone: string;
  /** BCP 47 */
  readonly dateLocale: string;
}

/** Writes an ISO 8601 instant as a date and time to the minute: `24 Nov 2026, 02:00`. */
export function formatAbsolute(iso: string, { timeZone, dateLocale }: Calendar): string {
  return new Intl.DateTimeFormat(dateLocale, {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone,
  }).format(new Date(iso));
}

/** The same with the weekday and the zone's name, for tool tips and lists of future runs. */
export function formatFull(iso: string, { timeZone, dateLocale }: Calendar): string {
  return describeMoment(iso, timeZone, { weekday: 'short', locale: dateLocale });
}

/** Says how far an instant is from `now` (ms since 1970), in its largest whole unit: `5 minutes ago`, `in 3 hours`. */
export function formatRelative(iso: string, now: number): string {
  const seconds = (new Date(iso).getTime() - now) / 1000;
  const unit = UNITS.find(([, size]) => Math.abs(seconds) >= size);
  if (unit) return RELATIVE.format(Math.trunc(seconds / unit[1]), unit[0]);
  return seconds > 5 ? 'in less than a minute' : 'just now';
}

/** Writes a length of time in seconds by its two largest units: `45 s`, `3 min 5 s`, `2 h 10 min`, `3 d 4 h`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const parts: [number, string][] = [
    [Math.floor(whole / 86_400), 'd'],
    [Math.floor(whole / 3_600) % 24, 'h'],
    [Math.floor(whole / 60) % 60, 'min'],
    [whole % 60, 's'],
  ];
  const start = parts.findIndex(([amount]) => amount > 0);
  if (start === -1) return '0 s';
  const shown = parts.slice(start, start + 2).filter(([amount]) => amount > 0);
  return shown.map(([amount, unit]) => `${amount} ${unit}`).join(' ');
}

/** The length between two ISO instants, or null while one of them is missing. */
export function durationBetween(from: string | null, until: string | null): string | null {
  if (!from || !until) return null;
  return formatDuration((new Date(until).getTime() - new Date(from).getTime()) / 1000);
}

/** Writes the time of day to the second: `02:00:07`. */
export function formatClock(iso: string, { timeZone, dateLocale }: Calendar): string {
  const form = { timeStyle: 'medium', timeZone } as const;
  return new Intl.DateTimeFormat(dateLocale, form).format(new Date(iso));
}
