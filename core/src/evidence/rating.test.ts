import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EVIDENCE_GRADES } from './evidence-grade.ts';
import {
  type DeltaHistory,
  decideRating,
  RATINGS,
  type Rating,
  type RatingFacts,
} from './rating.ts';

const never = null;
const buildHistory = (overrides: Partial<DeltaHistory>): DeltaHistory => ({
  window: 35,
  scans: 100,
  last: never,
  times: 1,
  targets: 1,
  ...overrides,
});

const rate = (overrides: Partial<DeltaHistory>, others: Partial<RatingFacts> = {}): Rating =>
  decideRating({ history: buildHistory(overrides), evidence: 'confirmed', danger: null, ...others })
    .rating;

describe('the known points of the original, window 35', () => {
  test.each<[last: number | null, targets: number, rating: Rating]>([
    [never, 1, 'red'],
    [2, 1, 'green'],
    [5, 1, 'amber'],
    [6, 1, 'amber'],
    [6, 3, 'green'],
    [18, 1, 'amber'],
    [48, 1, 'red'],
  ])('last seen %s scans ago, on %d targets: %s', (last, targets, rating) => {
    expect(rate({ last, targets })).toBe(rating);
  });
});

describe('history', () => {
  test.each<[what: string, history: Partial<DeltaHistory>, rating: Rating]>([
    ['the edge of noise at 35', { last: 3 }, 'green'],
    ['beyond it', { last: 4 }, 'amber'],
    ['the last scan of the window', { last: 35 }, 'amber'],
    ['the first beyond the window', { last: 36 }, 'red'],
    ['two scans are noise in a small window', { window: 3, last: 2 }, 'green'],
    ['three are not', { window: 3, last: 3 }, 'amber'],
    ['a tenth of a large window is noise', { window: 100, last: 10 }, 'green'],
    ['more is not', { window: 100, last: 11 }, 'amber'],
    ['below 3 it is off', { window: 2, last: 1, times: 2 }, 'red'],
    ['0 is off', { window: 0, last: never, times: 0 }, 'red'],
    ['twice is not often', { last: 9, times: 2 }, 'amber'],
    ['three times is', { last: 9, times: 3 }, 'green'],
    ['two targets are not many', { last: 9, targets: 2 }, 'amber'],
    ['three are', { last: 9, targets: 3 }, 'green'],
    ['unless their cause is confirmed', { last: 9, targets: 3, caused: true }, 'amber'],
    ['what was never seen stays red on many targets', { targets: 200 }, 'red'],
  ])('%s', (_what, history, rating) => {
    expect(rate(history)).toBe(rating);
  });
});

describe('evidence and danger', () => {
  const RED = { last: never };
  const AMBER = { last: 9 };
  const GREEN = { last: 1 };
  const danger = { port: 23, why: 'listed' } as const;
  test.each<[history: Partial<DeltaHistory>, facts: Partial<RatingFacts>, rating: Rating]>([
    [RED, { evidence: 'probable' }, 'red'],
    [RED, { evidence: 'unverified' }, 'amber'],
    [AMBER, { evidence: 'unverified' }, 'green'],
    [GREEN, { evidence: 'unverified' }, 'green'],
    [RED, { danger }, 'red'],
    [AMBER, { danger }, 'red'],
    [GREEN, { danger }, 'amber'],
    [RED, { danger, evidence: 'unverified' }, 'red'],
    [AMBER, { danger, evidence: 'unverified' }, 'amber'],
    [GREEN, { danger, evidence: 'unverified' }, 'amber'],
  ])('%o with %o is %s', (history, facts, rating) => {
    expect(rate(history, facts)).toBe(rating);
  });
});

const someFacts: fc.Arbitrary<RatingFacts> = fc.record({
  history: fc.record({
    window: fc.integer({ min: 0, max: 100 }),
    scans: fc.constant(100),
    last: fc.option(fc.integer({ min: 1, max: 120 })),
    times: fc.integer({ min: 0, max: 5 }),
    targets: fc.integer({ min: 1, max: 5 }),
    caused: fc.boolean(),
  }),
  evidence: fc.constantFrom(...EVIDENCE_GRADES),
  danger: fc.constantFrom(null, { port: 23, why: 'listed' } as const),
});

/** Red is the most urgent: 2. */
const urgency = (facts: RatingFacts) => 2 - RATINGS.indexOf(decideRating(facts).rating);

describe('whatever the facts', () => {
  const holds = (law: (facts: RatingFacts, more: number) => void) =>
    fc.assert(fc.property(someFacts, fc.integer({ min: 1, max: 100 }), law), { numRuns: 1_000 });

  test('what was longer not seen is never less urgent', () => {
    holds((facts, more) => {
      const { last } = facts.history;
      const longer = { ...facts.history, last: last === null ? null : last + more };
      expect(urgency({ ...facts, history: longer })).toBeGreaterThanOrEqual(urgency(facts));
      const unseen = { ...facts.history, last: null };
      expect(urgency({ ...facts, history: unseen })).toBeGreaterThanOrEqual(urgency(facts));
    });
  });

  test('what was seen more often, or on more targets, is never more urgent', () => {
    holds((facts, more) => {
      const { times, targets } = facts.history;
      for (const history of [{ times: times + more }, { targets: targets + more }])
        expect(
          urgency({ ...facts, history: { ...facts.history, ...history } }),
        ).toBeLessThanOrEqual(urgency(facts));
    });
  });

  test('better evidence is never less urgent, and moves one step at most', () => {
    holds((facts) => {
      const [best = 0, middle = 0, worst = 0] = EVIDENCE_GRADES.map((evidence) =>
        urgency({ ...facts, evidence }),
      );
      expect(best).toBe(middle);
      expect([0, 1]).toContain(middle - worst);
    });
  });

  test('a danger port raises by one step and never lowers', () => {
    holds((facts) => {
      const plain = urgency({ ...facts, danger: null });
      const raised = urgency({ ...facts, danger: { port: 4_444, why: 'unknown' } });
      expect(raised).toBe(Math.min(plain + 1, 2));
    });
  });
});
