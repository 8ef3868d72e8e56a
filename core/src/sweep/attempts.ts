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

/** How often something is asked, and how rarely it may be missed although it is there. */
export interface AttemptsGoal {
  readonly missProbability: number;
  readonly most: number;
}

/** Of a port: a newly opened one may be missed once in a thousand times. */
const PORT_GOAL: AttemptsGoal = { missProbability: 0.001, most: 8 };
/** Of a whole host: it would be missing with all that it has, and be a new one in the next scan. */
export const HOST_GOAL: AttemptsGoal = { missProbability: 1e-5, most: 12 };
const LEAST = 2;

/**
 * How often what stays silent has to be asked so that it is missed, if it is there, with no more
 * than the goal's probability: the least n with lossⁿ ≤ that, from 2 up to the goal's most.
 */
export function planAttempts(loss: number, goal: AttemptsGoal = PORT_GOAL): number {
  if (loss <= 0) return LEAST;
  if (loss >= 1) return goal.most;
  const needed = Math.ceil(Math.log(goal.missProbability) / Math.log(loss) - 1e-9);
  return Math.min(goal.most, Math.max(LEAST, needed));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
