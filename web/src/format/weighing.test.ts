import { buildProbes } from '@netdelta/core/evidence/build-doubt.ts';
import { likelihoodOfSilence } from '@netdelta/core/evidence/likelihood.ts';
import { expect, test } from 'vitest';
import { explainWeighing } from './weighing.ts';

const base = { prior: 1e-4, loss: 0.19 };
const silent = buildProbes('silent', 'silent', 'silent', 'silent', 'silent');

test('silent probes are weighed, and the sum is the one that core makes', () => {
  const likelihood = likelihoodOfSilence({ ...base, silent: 5 });
  const confirmation = { ...base, probes: silent };
  const { words, sum } = explainWeighing({ reason: 'no-response', confirmation, likelihood });
  expect(words).toBe(
    'Before it was asked again, the probability that it was gone was 0.01 %. Were it still there, 5 probes would all have been lost with a probability of 0.02 %. Weighed against each other (Bayes), it is gone with a probability of 29 %.',
  );
  const [, terms = '', result] = /^(.*) = (.*)$/.exec(sum ?? '') ?? [];
  expect(terms).toBe('0.0001 / (0.0001 + 0.9999 × 0.19^5)');
  expect(0.0001 / (0.0001 + 0.9999 * 0.19 ** 5)).toBeCloseTo(Number(result), 6);
});

test('an answer is not weighed', () => {
  const confirmation = { ...base, probes: buildProbes('silent', 'closed') };
  const weighing = explainWeighing({ reason: 'reset', confirmation, likelihood: 1 });
  expect(weighing).toEqual({ words: 'An answer says what is: nothing has to be weighed.' });
});

test('a refusal that nothing repeats says what it counts', () => {
  const confirmation = { ...base, probes: silent };
  const { words } = explainWeighing({ reason: 'reset', confirmation, likelihood: 0.9 });
  expect(words).toContain('counts as 90 %');
});
