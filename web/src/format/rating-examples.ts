import { type DeltaHistory, decideRating, type Rating } from '@netdelta/core/evidence/rating.ts';

/** One case of the rule: what the history says of a delta, and how it is then rated. */
export interface RatingExample {
  readonly seen: string;
  readonly rating: Rating;
}

type Case = readonly [seen: string, history: Partial<DeltaHistory>];

/** The points that tell the rule: those by which people know it, and three times. */
const CASES: readonly Case[] = [
  ['never', { last: null, times: 0 }],
  ['2 scans ago', { last: 2 }],
  ['5 scans ago', { last: 5 }],
  ['6 scans ago', { last: 6 }],
  ['6 scans ago, now on three targets at once', { last: 6, targets: 3 }],
  ['6 scans ago, and three times in all', { last: 6, times: 3 }],
  ['18 scans ago', { last: 18 }],
  ['48 scans ago', { last: 48 }],
];

/** How the known points come out with this history window, for a confirmed delta on no danger port. */
export function listRatingExamples(window: number): RatingExample[] {
  return CASES.map(([seen, overrides]) => {
    const history = { window, scans: window, last: null, times: 1, targets: 1, ...overrides };
    const { rating } = decideRating({ history, evidence: 'confirmed', danger: null });
    return { seen, rating };
  });
}
