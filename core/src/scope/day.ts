const DAY_MS = 86_400_000;

/** The day, as `2026-11-24`, that the calendar of an IANA zone shows at an instant (ms since 1970). */
export function dayAt(instant: number, timeZone: string): string {
  return new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).format(new Date(instant));
}

/** How many days (`2026-11-24`) lie between two; negative when the second is the earlier one. */
export function daysBetween(from: string, until: string): number {
  return Math.round((Date.parse(until) - Date.parse(from)) / DAY_MS);
}
