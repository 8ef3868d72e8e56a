import fc from 'fast-check';
import { expect, it, test } from 'vitest';
import { estimateLoss, meanLoss, NO_PROBES, sumPath } from './loss.ts';

const counts = (answered: number, unanswered: number) => ({ answered, unanswered });

test.each([
  ['nothing was asked yet', NO_PROBES, 0.05],
  ['nothing was lost', counts(2000, 0), 0],
  ['a tenth was lost', counts(900, 100), 0.1],
])('the mean loss of a path when %s', (_what, path, mean) => {
  expect(meanLoss(path)).toBeCloseTo(mean, 2);
});

it('is on the safe side, and the more is known of a host the less so', () => {
  const path = counts(9_000, 1_000);
  const unknown = estimateLoss(NO_PROBES, path);
  const known = estimateLoss(counts(900, 100), path);
  expect(unknown).toBeGreaterThan(known);
  expect(known).toBeGreaterThan(0.1);
  expect(known).toBeLessThan(0.13);
});

it('of a host that answers worse than its path is its own', () => {
  expect(estimateLoss(counts(50, 50), counts(2_000, 0))).toBeGreaterThan(0.4);
});

it('of a host that could not be heard at all is as high as can be', () => {
  expect(estimateLoss(counts(0, 2), counts(2_000, 0))).toBe(0.75);
  expect(estimateLoss(counts(0, 1), counts(2_000, 0))).toBeLessThan(0.2);
});

it('stays a probability within its bounds, and grows with what is lost', () => {
  const anyCount = fc.record({ answered: fc.nat(10_000), unanswered: fc.nat(10_000) });
  fc.assert(
    fc.property(anyCount, anyCount, (host, path) => {
      const loss = estimateLoss(host, path);
      expect(loss).toBeGreaterThanOrEqual(0.03);
      expect(loss).toBeLessThanOrEqual(0.75);
      const worse = { ...path, unanswered: path.unanswered + 100 };
      expect(meanLoss(worse)).toBeGreaterThan(meanLoss(path));
    }),
  );
});

it('of a path is told by its usual hosts, not by those that limit their answers', () => {
  const usual = Array.from({ length: 10 }, () => counts(90, 10));
  expect(sumPath([...usual, counts(50, 150)])).toEqual(counts(900, 100));
  expect(sumPath([...usual, counts(3, 1)])).toEqual(counts(903, 101));
  expect(sumPath([])).toEqual(NO_PROBES);
});
