const DAY_MS = 86_400_000;

/** The instant (ISO 8601) so many days, given as text, after `now`; null for none. */
export function expiryAfter(days: string, now: Date): string | null {
  return days === '' ? null : new Date(now.getTime() + Number(days) * DAY_MS).toISOString();
}
