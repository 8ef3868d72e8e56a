import { expect, test } from 'vitest';
import { boundComparisons } from './bound-comparisons.ts';
import { parseWords } from './parse-words.ts';

const known = { scenarios: ['unchanged', 'changes'], scanners: ['nmap-ndiff', 'netdelta'] };

test('words become a request', () => {
  const words = '--scenario changes --loss 0,2.5,bursts --scanner netdelta,nmap-ndiff --scans 7';
  expect(parseWords(words.split(' '), known)).toEqual({
    ok: true,
    request: {
      scenarios: ['changes'],
      losses: [0, 0.025, 'bursts'],
      scanners: ['netdelta', 'nmap-ndiff'],
      scans: 7,
      seed: 1,
      versions: false,
      thorough: false,
    },
  });
});

test('all that is wrong is said at once', () => {
  const outcome = parseWords(
    ['--scenario', 'x', '--loss', '101,many', '--scanner', 'masscan', '--scans', '0'],
    known,
  );
  expect(outcome.ok ? [] : outcome.problems).toEqual([
    '--scenario: "x" is not one of unchanged, changes',
    '--scanner: "masscan" is not one of nmap-ndiff, netdelta',
    '--loss: "101" is neither 0–100 (percent) nor "bursts"',
    '--loss: "many" is neither 0–100 (percent) nor "bursts"',
    '--scans: "0" is not a whole number above 0',
  ]);
});

test.each([
  ['nmap-ndiff', 0, false, 20],
  ['nmap-ndiff', 0.05, false, 2],
  ['nmap-ndiff', 0.1, false, 1],
  ['nmap-ndiff', 0.2, false, 0],
  ['nmap-ndiff', 'bursts', false, 1],
  ['nmap-ndiff', 0.2, true, 20],
  ['nmap-ndiff:minrate6', 0.2, false, 20],
  ['netdelta', 0.2, false, 20],
] as const)('%s at %s compares only as often as it can', (scanner, path, thorough, comparisons) => {
  const bound = boundComparisons(scanner, path, { wanted: 20, thorough });
  expect(bound.comparisons).toBe(comparisons);
  expect(bound.note === '').toBe(comparisons === 20);
});
