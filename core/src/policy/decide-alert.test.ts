import { expect, test } from 'vitest';
import type { ScanStatus } from '../api/scans.ts';
import { type AlertChoice, decideAlert, uniqueRecipients } from './decide-alert.ts';

const CASES: [ScanStatus, number, AlertChoice][] = [
  ['finished', 0, 'none'],
  ['finished', 1, 'changes'],
  ['partial', 0, 'none'],
  ['partial', 2, 'changes'],
  ['cancelled', 0, 'none'],
  ['cancelled', 1, 'changes'],
  ['failed', 0, 'failure'],
  ['failed', 1, 'changes'],
];

test.each(CASES)('a scan %s with %i deltas: %s', (status, deltas, choice) => {
  expect(decideAlert({ status, deltas })).toBe(choice);
});

test('each person is written to once', () => {
  expect(uniqueRecipients(['Ops@example.org', 'b@x.org', 'ops@example.org'])).toEqual([
    'Ops@example.org',
    'b@x.org',
  ]);
});
