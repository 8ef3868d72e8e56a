/** What the round trips measured so far come to, in ms. */
export interface RoundTrips {
  readonly smoothed: number;
  readonly variation: number;
}

/** Between these a time-out lies, in ms. */
export interface TimeoutLimits {
  readonly floorMs: number;
  readonly ceilingMs: number;
}

/** Takes one more round trip (ms) into account: RFC 6298, section 2, with its α = 1/8 and β = 1/4. */
export function addRoundTrip(trips: RoundTrips | null, ms: number): RoundTrips {
  if (!trips) return { smoothed: ms, variation: ms / 2 };
  const variation = 0.75 * trips.variation + 0.25 * Math.abs(trips.smoothed - ms);
  return { smoothed: 0.875 * trips.smoothed + 0.125 * ms, variation };
}

/**
 * How long to wait for an answer, in ms: RFC 6298's SRTT + 4·RTTVAR within the limits; the ceiling
 * while nothing was measured. `attempt` counts from 1; later ones wait twice as long, for the sake of
 * those whose own round trip is longer than that of the others.
 */
export function decideTimeout(
  trips: RoundTrips | null,
  { floorMs, ceilingMs }: TimeoutLimits,
  attempt: number,
): number {
  if (!trips) return ceilingMs;
  const measured = Math.max(floorMs, trips.smoothed + 4 * trips.variation);
  return Math.min(ceilingMs, attempt > 1 ? 2 * measured : measured);
}
