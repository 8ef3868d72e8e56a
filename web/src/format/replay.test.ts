import type { ReplayedDelta, ReplayedScan } from '@netdelta/core/api/replay.ts';
import { expect, test } from 'vitest';
import { describeOutcome, listDifferences, RULE_CHOICES, readRule, signOf } from './replay.ts';

const build = (overrides: Partial<ReplayedDelta>): ReplayedDelta => ({
  ...{ told: 'both', kind: 'host.down', subject: { address: '10.0.0.5' }, sentence: '', why: '' },
  ...{ shift: 0, ratingThen: 'red', ratingNow: 'red', ...overrides },
});

test('every rule that can be chosen can be read', () => {
  expect(RULE_CHOICES.map(({ value }) => readRule(value))).toEqual([
    ...['evidence', 1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
  ]);
  expect(RULE_CHOICES.at(1)?.label).toBe('After 1 silent scan');
});

test.each<[delta: Partial<ReplayedDelta>, sign: string, outcome: string]>([
  [{ told: 'then', shift: null }, '−', 'not told'],
  [{ told: 'then', shift: 2 }, '−', 'told 2 scans later'],
  [{ told: 'then', shift: -1 }, '−', 'told 1 scan earlier'],
  [{ told: 'now', shift: null }, '+', 'told besides'],
  [{ told: 'now', shift: 2 }, '+', 'was told 2 scans earlier'],
  [{ told: 'now', shift: -1 }, '+', 'was told 1 scan later'],
  [{ ratingNow: 'green' }, '~', 'rated otherwise'],
])('a difference %o', (delta, sign, outcome) => {
  expect([signOf(build(delta)), describeOutcome(build(delta))]).toEqual([sign, outcome]);
});

test('what stays as it was is no difference', () => {
  const deltas = [build({}), build({ ratingNow: 'green' }), build({ told: 'now' })];
  const scan = { deltas } as unknown as ReplayedScan;
  expect(listDifferences(scan)).toEqual(deltas.slice(1));
});
