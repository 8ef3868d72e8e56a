import { expect, test } from 'vitest';
import { describeLastSeen, describeRating } from './describe-rating.ts';
import { type DeltaHistory, decideRating, type RatingFacts } from './rating.ts';

const buildHistory = (overrides: Partial<DeltaHistory>): DeltaHistory => ({
  window: 35,
  scans: 35,
  last: null,
  times: 0,
  targets: 1,
  ...overrides,
});
const telnet = { port: 23, why: 'listed' } as const;

test.each<[sentence: string, history: Partial<DeltaHistory>, facts: Partial<RatingFacts>]>([
  ['red: never seen in the last 35 scans; confirmed; danger port 23', {}, { danger: telnet }],
  ['red: never seen in the one scan before; confirmed', { scans: 1 }, {}],
  ['red: no scan before; confirmed', { scans: 0 }, {}],
  ['red: the history is off; probable', { window: 2, scans: 2, last: 1 }, { evidence: 'probable' }],
  ['green: last seen 1 scan ago, once in the last 35 scans; confirmed', { last: 1, times: 1 }, {}],
  [
    'amber: last seen 6 scans ago, 2 times in the last 35 scans; confirmed',
    { last: 6, times: 2 },
    {},
  ],
  [
    'green: last seen 6 scans ago, and 3 times in the last 35 scans; confirmed',
    { last: 6, times: 3 },
    {},
  ],
  [
    'green: last seen 6 scans ago, and on 3 targets in this scan; confirmed',
    { last: 6, times: 1, targets: 3 },
    {},
  ],
  ['red: never seen in the last 35 scans; confirmed', { last: 48 }, {}],
  [
    'amber: never seen in the last 35 scans; unverified, so one step down',
    {},
    { evidence: 'unverified' },
  ],
  [
    'green: last seen 2 scans ago, once in the last 35 scans; unverified',
    { last: 2, times: 1 },
    { evidence: 'unverified' },
  ],
  [
    'amber: last seen 2 scans ago, once in the last 35 scans; confirmed; danger port 23, so one step up',
    { last: 2, times: 1 },
    { danger: telnet },
  ],
  [
    'red: never seen in the last 35 scans; unverified, so one step down; port 4444, where something unknown speaks, so one step up',
    {},
    { evidence: 'unverified', danger: { port: 4_444, why: 'unknown' } },
  ],
])('%s', (sentence, history, facts) => {
  const rated = decideRating({
    history: buildHistory(history),
    evidence: 'confirmed',
    danger: null,
    ...facts,
  });
  expect(describeRating(rated)).toBe(sentence);
});

test.each<[words: string, history: Partial<DeltaHistory>]>([
  ['never', {}],
  ['never', { last: 48 }],
  ['1 scan ago', { last: 1 }],
  ['6 scans ago', { last: 6 }],
  ['history off', { window: 0, last: null }],
])('in the fewest words: %s', (words, history) => {
  expect(describeLastSeen(buildHistory(history))).toBe(words);
});
