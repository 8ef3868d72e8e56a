import { expect, test } from 'vitest';
import { listRatingExamples } from './rating-examples.ts';

const ratings = (window: number) => listRatingExamples(window).map(({ rating }) => rating);

test('the known points of the original come out with its window', () => {
  expect(ratings(35)).toEqual(['red', 'green', 'amber', 'amber', 'green', 'green', 'amber', 'red']);
});

test('a larger window knows more, and without one nothing is known', () => {
  expect(ratings(100).at(-1)).toBe('amber');
  expect(new Set(ratings(2))).toEqual(new Set(['red']));
});
