import { describe, expect, it } from 'vitest';
import { describeExpired, formatBytes } from './describe-expired.ts';

describe('describeExpired', () => {
  it.each([
    [{}, 'nothing'],
    [{ shards: 3, bases: 1 }, 'nothing'],
    [{ scans: 1, shards: 16, bytes: 812 }, 'the details of 1 scan (about 812 bytes)'],
    [
      { scans: 1_275, refutations: 1, notifications: 12, bytes: 3_100_000 },
      'the details of 1,275 scans, 1 entry of the ledger, 12 mails (about 3.1 MB)',
    ],
    [{ intervals: 2, deltas: 1 }, '2 ended states, 1 delta'],
  ])('%o: %s', (expired, words) => {
    expect(describeExpired(expired)).toBe(words);
  });
});

describe('formatBytes', () => {
  it.each([
    [0, '0 bytes'],
    [999, '999 bytes'],
    [1_000, '1.0 kB'],
    [9_960, '10 kB'],
    [999_600, '1.0 MB'],
    [31_400_000, '31 MB'],
    [-2_500, '−2.5 kB'],
    [7e15, '7000 TB'],
  ])('%d: %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});
