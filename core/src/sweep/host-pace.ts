import { type AnswersByAttempt, estimateLoss } from './attempts.ts';

/** One host among those that are asked together. */
export interface HostPaceQuestion {
  /** The host's own. */
  readonly answers: AnswersByAttempt;
  /** The loss of all of them together, 0–1. */
  readonly sharedLoss: number;
}

const ENOUGH_LATE = 5;
const LIMITED = 0.4;
const TIMES_WORSE = 2;

/**
 * Whether a host limits how often it answers: many of its endpoints answer only when they are asked
 * again, while its neighbours answer at once. Its silence is then its own choice, not the path's,
 * and to ask it faster or more often only makes more of it.
 */
export function isRateLimited({ answers, sharedLoss }: HostPaceQuestion): boolean {
  const late = answers.slice(1).reduce((sum, count) => sum + count, 0);
  if (late < ENOUGH_LATE) return false;
  const own = estimateLoss(answers, { loss: sharedLoss, weight: 1 }).mean;
  return own >= LIMITED && own >= TIMES_WORSE * sharedLoss;
}
