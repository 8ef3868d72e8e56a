import type { EndpointKey } from '../snapshot/endpoint-index.ts';

/** A host or endpoint that changed within the window, and when: by the numbers of the group's scans. */
export interface Unsteady {
  readonly what: 'host' | EndpointKey;
  /** Scan numbers, ascending. */
  readonly changes: readonly number[];
  /** It flaps: the scan number since when. Its changes are not told until it is steady again. */
  readonly flappingSince?: number;
}

/** So many scans back a change counts, the latest the most: weights from 0.8 to 1.2. */
export const FLAPPING_WINDOW = 21;
/** Begins at this rate: with the fourth change in a few scans. */
const ENTER_RATE = 0.2;
const LEAVE_RATE = 0.1;
/** Or when nothing has changed for so many scans. */
const QUIET_SCANS = 8;

/**
 * The weighted rate 0–1 of changes over the last 21 scans (after Nagios, "Detection and Handling of
 * State Flapping": 20 possible changes, weighted from 0.8 for the oldest to 1.2 for the newest).
 */
export function rateOfChange(changes: readonly number[], now: number): number {
  const steps = FLAPPING_WINDOW - 1;
  return changes
    .map((number) => now - number)
    .filter((age) => age >= 0 && age < steps)
    .reduce((sum, age) => sum + (1.2 - (0.4 * age) / (steps - 1)) / steps, 0);
}

export interface FlappingStep {
  /** What is to be remembered; undefined: it has been steady for the whole window. */
  readonly unsteady: Unsteady | undefined;
  readonly event: 'begins' | 'ends' | null;
  /** Its changes of this scan are not to be told one by one. */
  readonly quiet: boolean;
}

/**
 * One scan more of something that changed lately, or changes now. Begins to flap when the rate
 * reaches 0.2 and ends below 0.1 (hysteresis), or after eight scans without a change; in between
 * nothing but these two is told.
 */
export function stepFlapping(
  before: Unsteady | undefined,
  { what, changed, now }: { what: Unsteady['what']; changed: boolean; now: number },
): FlappingStep {
  const changes = [...(before?.changes ?? []), ...(changed ? [now] : [])].filter(
    (number) => now - number < FLAPPING_WINDOW,
  );
  const rate = rateOfChange(changes, now);
  const since = before?.flappingSince;
  const quietFor = now - (changes.at(-1) ?? Number.NEGATIVE_INFINITY);
  const flaps =
    since === undefined
      ? changed && rate >= ENTER_RATE
      : rate >= LEAVE_RATE && quietFor < QUIET_SCANS;
  const event = flaps === (since !== undefined) ? null : flaps ? 'begins' : 'ends';
  // What has ended is forgotten: the next change is told as one.
  const steady = !flaps && (changes.length === 0 || event === 'ends');
  return {
    unsteady: steady ? undefined : { what, changes, ...(flaps && { flappingSince: since ?? now }) },
    event,
    quiet: flaps,
  };
}
