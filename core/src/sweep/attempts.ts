/**
 * How many endpoints answered at the first attempt, at the second, and so on. Those that never
 * answered are in no number: they may not be there.
 */
export type AnswersByAttempt = readonly number[];

/** What was known of a path before: the probability of loss, and how many answers that is worth. */
export interface LossPrior {
  readonly loss: number;
  readonly weight: number;
}

/** A probability (0–1) that one probe of a live endpoint stays unanswered, and how high it may well be. */
export interface LossEstimate {
  readonly mean: number;
  /** Two standard deviations above the mean. */
  readonly high: number;
}

/** Before anything is known, a path is taken for a good one. */
export const UNKNOWN_PATH: LossPrior = { loss: 0.02, weight: 10 };

/**
 * Estimates the loss of a path while it is being asked. Of the endpoints that answer at all, a
 * fraction q of those reached at one attempt is left for the next, so that the answers at attempts
 * 2…k are q times those at attempts 1…k−1: no endpoint that never answers disturbs that.
 */
export function estimateLoss(answers: AnswersByAttempt, prior: LossPrior): LossEstimate {
  const early = sum(answers.slice(0, -1));
  const late = sum(answers.slice(1));
  const weight = early + prior.weight;
  const mean = Math.min(0.95, (late + prior.loss * prior.weight) / weight);
  return { mean, high: Math.min(0.95, mean + 2 * Math.sqrt((mean * (1 - mean)) / weight)) };
}

/** Adds up the answers of several hosts. */
export function joinAnswers(all: Iterable<AnswersByAttempt>): number[] {
  const joined: number[] = [];
  for (const answers of all)
    for (const [attempt, count] of answers.entries())
      joined[attempt] = (joined[attempt] ?? 0) + count;
  return joined;
}

/** A host of which less was heard is as good as the others. */
const ENOUGH_ANSWERS = 8;
/** What a host may lose more than the median one, and still be thought to lose it on the way. */
const MORE_THAN_MEDIAN = 0.2;

/**
 * Adds up the answers of several hosts for what they tell of their path: those that lose far more
 * than the median host are left out. They limit how often they answer, and say nothing of the way.
 */
export function joinTypical(all: readonly AnswersByAttempt[]): number[] {
  const losses = all
    .filter((answers) => sum(answers) >= ENOUGH_ANSWERS)
    .map(ownLoss)
    .sort((a, b) => a - b);
  const median = losses[losses.length >> 1];
  if (median === undefined) return joinAnswers(all);
  return joinAnswers(
    all.filter(
      (answers) => sum(answers) < ENOUGH_ANSWERS || ownLoss(answers) <= median + MORE_THAN_MEDIAN,
    ),
  );
}

function ownLoss(answers: AnswersByAttempt): number {
  return estimateLoss(answers, { loss: 0, weight: 1 }).mean;
}

/** How often an endpoint is asked at least, and at most. */
const LEAST = 2;
const MOST = 8;
/** A live endpoint may be missed so rarely. */
const MISS_PROBABILITY = 0.001;

/**
 * How often a silent endpoint has to be asked so that a live one is missed with no more than the
 * target's probability: the least n with lossⁿ ≤ target, within 2…8.
 */
export function planAttempts(loss: number, target: number = MISS_PROBABILITY): number {
  if (loss <= 0) return LEAST;
  if (loss >= 1) return MOST;
  const needed = Math.ceil(Math.log(target) / Math.log(loss) - 1e-9);
  return Math.min(MOST, Math.max(LEAST, needed));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
