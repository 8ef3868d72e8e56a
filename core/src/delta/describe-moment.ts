/** What a moment is told with besides date and time, and in which language of dates. */
interface MomentForm extends Pick<Intl.DateTimeFormatOptions, 'weekday'> {
  readonly locale?: string;
}

/**
 * Writes an instant (ISO 8601) to the minute in an IANA time zone, with the zone's short name:
 * `24 Nov 2026, 02:00 CET`. The summer and winter hour of one night are told apart by it.
 * `more` is what to write besides, such as the weekday, and how dates are written (BCP 47).
 */
export function describeMoment(
  iso: string,
  timeZone = 'UTC',
  { locale = 'en-GB', ...more }: MomentForm = {},
): string {
  return new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
    timeZone,
    ...more,
  }).format(new Date(iso));
}
