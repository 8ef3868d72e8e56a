import type { EvidenceGrade } from './evidence-grade.ts';

/** What a rating tells: red likely real, look now; amber maybe; green likely noise. The most urgent first. */
export const RATINGS = ['red', 'amber', 'green'] as const;
export type Rating = (typeof RATINGS)[number];

/** How far back a site looks unless it says otherwise, in scans of the group. */
export const DEFAULT_HISTORY_WINDOW = 35;

/** Below so many scans there is no history to speak of: it is off. */
export const LEAST_HISTORY_WINDOW = 3;

/** What is known of the same delta (endpoint, kind and direction) from the group's earlier scans. */
export interface DeltaHistory {
  /** W, the history window: how many scans back the history reaches, 0–100. */
  readonly window: number;
  /** How many earlier scans there were within the window. */
  readonly scans: number;
  /** n: how many scans ago the same delta was last told; 1 is the scan before. Null: not within the window. */
  readonly last: number | null;
  /** How many of those scans told it. */
  readonly times: number;
  /** How many targets it struck in this very scan, with this one. */
  readonly targets: number;
  /** These targets have one confirmed cause, so that their number speaks for the delta and not against it. */
  readonly caused?: boolean;
}

/** Why what the history alone would call amber is green. */
export type HistoryFall = 'repeated' | 'widespread';

/** A port that makes a delta more urgent: on the site's list, or high, unknown, and with something that speaks. */
export interface DangerPort {
  readonly port: number;
  readonly why: 'listed' | 'unknown';
}

/** A rating with all that it was made of. */
export interface Rated {
  readonly rating: Rating;
  readonly history: DeltaHistory & { readonly rating: Rating; readonly fall: HistoryFall | null };
  readonly evidence: EvidenceGrade;
  readonly danger: DangerPort | null;
}

/** What a delta is rated by. */
export interface RatingFacts {
  readonly history: DeltaHistory;
  readonly evidence: EvidenceGrade;
  readonly danger: DangerPort | null;
}

/**
 * Rates a delta: by its history; then one step down when its evidence is unverified; then one step
 * up on a danger port. Green is as low, red as high as it gets. The rule of the original NetDelta,
 * with evidence and danger added.
 */
export function decideRating({ history, evidence, danger }: RatingFacts): Rated {
  const past = rateHistory(history);
  const believed = evidence === 'unverified' ? lower(past.rating) : past.rating;
  return {
    rating: danger ? raise(believed) : believed,
    history: { ...history, ...past },
    evidence,
    danger,
  };
}

/** The longest time, in scans, after which a delta that comes again is still noise. */
export function noiseReach(window: number): number {
  return Math.max(2, window / 10);
}

const OFTEN = 3;
const MANY_TARGETS = 3;

function rateHistory(history: DeltaHistory): Pick<Rated['history'], 'rating' | 'fall'> {
  const { window, last } = history;
  if (window < LEAST_HISTORY_WINDOW || last === null || last > window)
    return { rating: 'red', fall: null };
  if (last <= noiseReach(window)) return { rating: 'green', fall: null };
  const fall = decideFall(history);
  return { rating: fall ? 'green' : 'amber', fall };
}

function decideFall({ times, targets, caused }: DeltaHistory): HistoryFall | null {
  if (times >= OFTEN) return 'repeated';
  return targets >= MANY_TARGETS && !caused ? 'widespread' : null;
}

function lower(rating: Rating): Rating {
  return rating === 'red' ? 'amber' : 'green';
}

function raise(rating: Rating): Rating {
  return rating === 'green' ? 'amber' : 'red';
}
