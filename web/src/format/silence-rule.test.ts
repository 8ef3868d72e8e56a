import { downAfter } from '@netdelta/core/api/groups.ts';
import { expect, test } from 'vitest';
import { describeSilenceRule, explainSilenceRule, SILENCE_RULES } from './silence-rule.ts';

test('every rule that the API takes can be chosen, and no other', () => {
  for (const rule of SILENCE_RULES) expect(downAfter.safeParse(rule).success).toBe(true);
  expect(downAfter.safeParse(SILENCE_RULES.length).success).toBe(false);
});

test.each([
  ['evidence', 'by evidence'],
  [1, 'after 1 silent scan'],
  [3, 'after 3 silent scans in a row'],
] as const)('%s is named', (rule, name) => {
  expect(describeSilenceRule(rule)).toBe(name);
});

test('a rule says what it means', () => {
  expect(explainSilenceRule('evidence', 'host')).toBe(
    'A host that falls silent is asked again within the scan, up to 24 times, until it is gone with a probability of 99 %. What remains open is held, and the next scan goes on from there.',
  );
  expect(explainSilenceRule(4, 'service')).toContain('silent in 4 scans in a row');
});
