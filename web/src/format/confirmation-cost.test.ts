import { expect, test } from 'vitest';
import { describeConfirmationCost } from './confirmation-cost.ts';

const NOTHING = {
  probes: 0,
  ms: 0,
  loss: 0.04,
  refuted: 0,
  confirmed: 0,
  undecided: 0,
  unasked: 0,
};

test.each([
  [
    { probes: 61, ms: 3_800, refuted: 12, confirmed: 2 },
    '14 doubts were asked again with 61 probes in 3.8 s: 12 were false alarms, 2 are real. This path loses 4 % of the probes.',
  ],
  [
    { probes: 1, ms: 300, refuted: 1 },
    '1 doubt was asked again with 1 probe in 0.3 s: 1 was a false alarm. This path loses 4 % of the probes.',
  ],
  [
    { probes: 24, ms: 41_000, undecided: 1, unasked: 2 },
    '1 doubt was asked again with 24 probes in 41 s: 1 remains open. 2 doubts could not be asked in the way in which each had last answered. This path loses 4 % of the probes.',
  ],
  [
    { loss: 0.00005 },
    'Nothing that this scan saw was in doubt. This path loses less than 1 % of the probes.',
  ],
  [{ loss: null }, 'Nothing that this scan saw was in doubt.'],
  [{}, 'Nothing that this scan saw was in doubt. This path loses 4 % of the probes.'],
])('%o', (overrides, sentence) => {
  expect(describeConfirmationCost({ ...NOTHING, ...overrides })).toBe(sentence);
});
