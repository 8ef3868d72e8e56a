import { z } from 'zod';
import { DELTA_KIND_NAMES } from '../delta/kinds.ts';
import { RATINGS } from '../evidence/rating.ts';
import { downAfter } from './groups.ts';

const RULE = 'give "evidence" or a whole number from 1 to 10';
const WINDOW = 'give a whole number from 0 to 100';
const rule = z.union([z.literal('evidence'), z.int(RULE).min(1, RULE).max(10, RULE)], RULE);

/** The policy to try. What it leaves out stays as it was in each scan. */
export const replayPolicy = z
  .strictObject({
    downAfter: rule.optional().describe('when silence makes a host down'),
    serviceDownAfter: rule.optional().describe('when silence makes a service gone'),
    historyWindow: z
      .int(WINDOW)
      .min(0, WINDOW)
      .max(100, WINDOW)
      .optional()
      .describe('how many scans a rating looks back'),
  })
  .refine((policy) => Object.values(policy).some((value) => value !== undefined), {
    message: 'name at least one of downAfter, serviceDownAfter and historyWindow',
  });
export type ReplayPolicy = z.infer<typeof replayPolicy>;

export const DEFAULT_REPLAY_SCANS = 100;
export const MOST_REPLAY_SCANS = 1_000;

/** POST …/groups/:id/replay: judge the last stored scans of a group by another policy. */
export const replayRequest = z.object({
  policy: replayPolicy,
  scans: z.int().min(1).max(MOST_REPLAY_SCANS).default(DEFAULT_REPLAY_SCANS),
});
export type ReplayRequest = z.infer<typeof replayRequest>;

const rating = z.enum(RATINGS).nullable();

/** A delta that was told, would have been told, or both. */
export const replayedDelta = z.object({
  told: z.enum(['then', 'now', 'both']).describe('by the rules of then, by the policy, by both'),
  kind: z.enum(DELTA_KIND_NAMES),
  subject: z.union([
    z.object({ address: z.string(), protocol: z.enum(['tcp', 'udp']), port: z.number() }),
    z.object({ address: z.string() }),
    z.object({ target: z.string() }),
  ]),
  sentence: z.string(),
  why: z.string().describe('why it is told; for `then`: why it would not have been'),
  shift: z
    .number()
    .nullable()
    .describe('how many scans later the policy tells it (below 0: earlier); null: it does not'),
  ratingThen: rating,
  ratingNow: rating,
});
export type ReplayedDelta = z.infer<typeof replayedDelta>;

/** One scan of a replay. Counts are whole; `deltas` may be cut. */
export const replayedScan = z.object({
  scanId: z.uuid(),
  number: z.number(),
  at: z.string(),
  learns: z.boolean().describe('what it saw is learned without deltas, as by a first scan'),
  told: z.number(),
  wouldTell: z.number(),
  deltas: z.array(replayedDelta).describe('what differs first'),
  leftOut: z.number().describe('how many more differ'),
});
export type ReplayedScan = z.infer<typeof replayedScan>;

export const replayTotals = z.object({
  told: z.number(),
  wouldTell: z.number(),
  less: z.number().describe('told then, and never by the policy'),
  more: z.number().describe('told by the policy alone'),
  later: z.number(),
  earlier: z.number(),
  rerated: z.number().describe('told by both, with another rating'),
  unexplained: z
    .number()
    .describe(
      'told for other reasons than these sights, such as edited targets; taken as they are',
    ),
});
export type ReplayTotals = z.infer<typeof replayTotals>;

/** What another policy would have told. Nothing is changed by asking. Scans in time order. */
export const replayView = z.object({
  policy: replayPolicy,
  /** The group's own rules now. */
  rules: z.object({ downAfter, serviceDownAfter: downAfter, historyWindow: z.number() }),
  totals: replayTotals,
  scans: z.array(replayedScan),
  expired: z.number().describe('scans in between of which retention took what they saw'),
  unstored: z.number().describe('scans in between of which nothing is stored to be judged'),
});
export type ReplayView = z.infer<typeof replayView>;

/** True when the policy would have told anything else, at another time, or rated it otherwise. */
export function differs({ less, more, later, earlier, rerated }: ReplayTotals): boolean {
  return less + more + later + earlier + rerated > 0;
}
