import { expect, test } from 'vitest';
import { addLines, lineRange } from './target-text.ts';

test.each([
  ['', '10.0.0.1\r\n10.0.0.2\r\n', '10.0.0.1\n10.0.0.2'],
  ['10.0.0.1\n', '10.0.0.2', '10.0.0.1\n10.0.0.2'],
])('%j and a file with %j', (text, file, both) => {
  expect(addLines(text, file)).toBe(both);
});

test.each([
  [1, 'first'],
  [2, 'second'],
  [3, 'third'],
])('line %d is found', (line, found) => {
  const text = 'first\nsecond\nthird';
  expect(text.slice(...lineRange(text, line))).toBe(found);
});
