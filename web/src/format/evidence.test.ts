import { expect, test } from 'vitest';
import { describeEvidence, describeReason } from './evidence.ts';

test('a reason that nobody has put into words stays as it is', () => {
  expect(describeReason('proto-response')).toBe('proto-response');
});

test('an answer decides by itself', () => {
  expect(describeEvidence({ reason: 'syn-ack' })).toBe(
    'Decided by this scan: it accepted the connection (SYN-ACK).',
  );
});

test('silence tells its rule', () => {
  const since = { scanId: '1', at: '2026-11-22T02:00:00Z' };
  const evidence = { reason: 'no-response', silence: { scans: 3, since, downAfter: 3 } };
  expect(describeEvidence(evidence)).toBe(
    'No answer in 3 scans in a row (the rule asks for 3 such scans). This scan: nothing answered.',
  );
});
