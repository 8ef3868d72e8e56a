/**
 * Writes an instant (ISO 8601) to the minute in an IANA time zone, with the zone's short name:
 * `24 Nov 2026, 02:00 CET`. The summer and winter hour of one night are told apart by it.
 * `more` is what to write besides, such as the weekday.
 */
export function describeMoment(
  iso: string,
  timeZone = 'UTC',
  more: Pick<Intl.DateTimeFormatOptions, 'weekday'> = {},
): string {
  return new Intl.DateTimeFormat('en-GB', {
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
