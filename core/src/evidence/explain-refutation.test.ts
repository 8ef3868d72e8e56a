import { expect, test } from 'vitest';
import { buildProbes } from './build-doubt.ts';
import { DOUBT_KINDS } from './doubt.ts';
import { explainRefutation, type Refutation } from './explain-refutation.ts';

const CASES: readonly [sentence: string, refutation: Refutation][] = [
  [
    'Not reported: silent in the sweep, but the 2nd probe 0.8 s later was answered (SYN-ACK).',
    { kind: 'silent', probes: buildProbes('silent', 'open') },
  ],
  [
    'Not reported: silent in the sweep, but the 3rd probe 1.8 s later was answered (RST).',
    { kind: 'host', probes: buildProbes('silent', 'silent', 'closed') },
  ],
  [
    'Not reported: refused in the sweep (RST), but the 1st probe 0.3 s later was accepted (SYN-ACK).',
    { kind: 'refused', probes: buildProbes('open') },
  ],
  [
    'Not reported: refused by a filter on the way in the sweep (ICMP), but the 1st probe 0.3 s later was accepted (SYN-ACK).',
    { kind: 'blocked', probes: buildProbes('open') },
  ],
  [
    'Not reported: another service seemed to answer in the sweep, but it was the known one again when it was asked once more.',
    { kind: 'replaced', probes: [] },
  ],
];

test.each(CASES)('%s', (sentence, refutation) => {
  expect(explainRefutation(refutation)).toBe(sentence);
});

test('every kind of doubt is put into words', () => {
  expect(new Set(CASES.map(([, { kind }]) => kind))).toEqual(new Set(DOUBT_KINDS));
});
