import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { describeProbability } from './describe-probability.ts';

test.each([
  [0, '0 %'],
  [1e-9, 'less than 0.0001 %'],
  [1e-4, '0.01 %'],
  [0.0096, '1 %'],
  [0.03, '3 %'],
  [0.053, '5.3 %'],
  [0.19, '19 %'],
  [0.73, '73 %'],
  [0.985, '98.5 %'],
  [0.99, '99 %'],
  [0.9968, '99.7 %'],
  [0.9999, '99.99 %'],
  [0.99997, '99.997 %'],
  [1 - 1e-9, 'more than 99.9999 %'],
  [1, '100 %'],
])('%d is %s', (probability, text) => {
  expect(describeProbability(probability)).toBe(text);
});

test('what is not certain is never called so', () => {
  const open = fc.double({ min: 0, max: 1, minExcluded: true, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(open, (probability) => {
      expect(['0 %', '100 %']).not.toContain(describeProbability(probability));
    }),
    { numRuns: 1_000 },
  );
});
