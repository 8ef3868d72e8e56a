const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** The instant (ISO 8601, whole minutes) so many days before another one (ms since 1970). */
export function daysBefore(days: number, now: number): string {
  const at = now - days * DAY_MS;
  return new Date(at - (at % MINUTE_MS)).toISOString();
}

/** What people ask for most. */
export const PRESETS = [
  { label: 'Since yesterday', days: 1 },
  { label: 'Last 7 days', days: 7 },
  { label: 'Last 30 days', days: 30 },
] as const;
