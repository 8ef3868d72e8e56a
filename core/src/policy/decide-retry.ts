const MINUTE = 60;
const HOUR = 3_600;

/** Waits after the first failed attempt, the second …, in seconds: about a day in all. */
const WAITS: readonly number[] = [
  MINUTE,
  5 * MINUTE,
  15 * MINUTE,
  HOUR,
  2 * HOUR,
  4 * HOUR,
  8 * HOUR,
  8 * HOUR,
];

/**
 * Decides what follows a failed attempt to send: the seconds to wait before the next one, or
 * `null`: give up. `attempts` counts the failed one (from 1).
 */
export function decideRetry({
  attempts,
  retryable,
}: {
  attempts: number;
  retryable: boolean;
}): number | null {
  if (!retryable) return null;
  return WAITS[attempts - 1] ?? null;
}
