import { expect, it } from 'vitest';
import { isRateLimited } from './host-pace.ts';

it.each<[string, number[], number, boolean]>([
  ['all at once', [100], 0, false],
  ['a few late ones', [96, 4], 0, false],
  ['many late ones on a good path', [20, 20], 0.01, true],
  ['as many late ones as everywhere', [64, 23, 8], 0.36, false],
  ['many more than its neighbours on a bad path', [10, 10, 10, 10], 0.36, true],
  ['next to nothing', [1, 2], 0, false],
])('%s: limited %#', (_what, answers, sharedLoss, limited) => {
  expect(isRateLimited({ answers, sharedLoss })).toBe(limited);
});
