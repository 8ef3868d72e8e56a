import { expect, it } from 'vitest';
import { searchTextProblem } from './search-text.ts';

it.each([
  ['', true],
  ['srv', true],
  ['10.', true],
  ['::', true],
  ['a-b', true],
  ['東京都', true],
  ['s7', false],
  ['a b c', false],
  ['%%%', false],
])('takes %j as a text to search for: %s', (text, taken) => {
  expect(searchTextProblem(text) === null).toBe(taken);
});
