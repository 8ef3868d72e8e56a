import { expect, test } from 'vitest';
import {
  parseCompareSearch,
  parseDeltaSearch,
  parseHostSearch,
  parseLoginSearch,
  readSearch,
  writeSearch,
} from './search.ts';

test('filters survive the way into the address bar and back', () => {
  const text = writeSearch({ status: 'DOWN', port: 22, text: '', groupId: undefined });
  expect(text).toBe('?status=DOWN&port=22');
  expect(parseHostSearch(readSearch(text))).toEqual({ status: 'DOWN', port: 22 });
});

test('a text of digits stays a text', () => {
  expect(parseHostSearch(readSearch('?text=10.'))).toEqual({ text: '10.' });
});

test('deltas are filtered by a rating that there is', () => {
  expect(parseDeltaSearch(readSearch('?rating=red'))).toEqual({ rating: 'red' });
  expect(parseDeltaSearch(readSearch('?rating=blue'))).toEqual({});
});

test('the instant of a list and the instants of a comparison survive, too', () => {
  const at = '2026-11-24T02:00:00.000Z';
  expect(parseHostSearch(readSearch(writeSearch({ at, port: 22 })))).toEqual({ at, port: 22 });
  expect(parseCompareSearch(readSearch(`?from=${at}`))).toEqual({ from: at, to: 'now' });
  expect(parseCompareSearch(readSearch('?groupId=none'))).toEqual({});
});

test('filters that make no sense are ignored', () => {
  expect(parseHostSearch(readSearch('?status=SIDEWAYS'))).toEqual({});
});

test.each([
  ['/scans', { next: '/scans' }],
  ['//elsewhere.example', {}],
  ['https://elsewhere.example', {}],
])('after the login %s leads to %o', (next, expected) => {
  expect(parseLoginSearch({ next })).toEqual(expected);
});
