import { describe, expect, it } from 'vitest';
import { matchLists } from './match-lists.ts';

const edits = (before: string, after: string) =>
  matchLists([...before], [...after]).map(
    ({ kind, before: [a1, a2], after: [b1, b2] }) => `${kind} ${a1}:${a2} ${b1}:${b2}`,
  );

/** As Python's difflib.SequenceMatcher(None, before, after).get_opcodes() gives them. */
describe('a list becomes another', () => {
  it.each([
    ['', '', []],
    ['abc', 'abc', ['equal 0:3 0:3']],
    ['', 'ab', ['insert 0:0 0:2']],
    ['ab', '', ['delete 0:2 0:0']],
    ['abc', 'xyz', ['replace 0:3 0:3']],
    [
      'qabxcd',
      'abycdf',
      ['delete 0:1 0:0', 'equal 1:3 0:2', 'replace 3:4 2:3', 'equal 4:6 3:5', 'insert 6:6 5:6'],
    ],
    // The longest stretch decides, not the first one.
    ['axbcd', 'bcda', ['delete 0:2 0:0', 'equal 2:5 0:3', 'insert 5:5 3:4']],
  ])('%j to %j', (before, after, expected) => {
    expect(edits(before, after)).toEqual(expected);
  });
});

it('of 200 lines and more, frequent ones begin no match', () => {
  const frequent = Array.from({ length: 250 }, () => 'x');
  expect(matchLists(['x', 'y'], [...frequent, 'y']).map(({ kind }) => kind)).toEqual([
    'insert',
    'equal',
  ]);
  expect(matchLists(['x'], ['z', ...frequent]).map(({ kind }) => kind)).toEqual(['replace']);
});

it('looks for the same beginning and end alone where that would take too long', () => {
  const long = Array.from({ length: 3_000 }, (_, line) => String(line));
  const other = [...long.slice(0, 10), 'new', ...long.slice(20)];
  expect(matchLists(long, other).map(({ kind, before }) => [kind, ...before])).toEqual([
    ['equal', 0, 10],
    ['replace', 10, 20],
    ['equal', 20, 3_000],
  ]);
});
