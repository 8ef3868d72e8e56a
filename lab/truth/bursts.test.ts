import { expect, test } from 'vitest';
import { createRandom } from '../../server/src/playground/random.ts';
import { listStretches, type Stretch, shareOfBad } from './bursts.ts';

const MEANS = { meanGoodMs: 2000, meanBadMs: 400 };

function draw(count: number, seed = 1): Stretch[] {
  return listStretches(MEANS, createRandom(seed)).take(count).toArray();
}

const mean = (stretches: readonly Stretch[]) =>
  stretches.reduce((sum, { ms }) => sum + ms, 0) / stretches.length;

test('good and bad stretches take turns, the first of them good', () => {
  expect(draw(4).map(({ bad }) => bad)).toEqual([false, true, false, true]);
});

test('a seed always gives the same stretches, another seed others', () => {
  expect(draw(20)).toEqual(draw(20));
  expect(draw(20, 2)).not.toEqual(draw(20));
});

test('stretches last as long as planned in the mean, and scatter as an exponential does', () => {
  const all = draw(20_000);
  const good = all.filter(({ bad }) => !bad);
  const bad = all.filter((stretch) => stretch.bad);
  expect(mean(good) / MEANS.meanGoodMs).toBeCloseTo(1, 1);
  expect(mean(bad) / MEANS.meanBadMs).toBeCloseTo(1, 1);
  // P(longer than the mean) = 1/e
  const longer = good.filter(({ ms }) => ms > MEANS.meanGoodMs).length / good.length;
  expect(longer).toBeCloseTo(1 / Math.E, 1);
  const share = (mean(bad) * bad.length) / (mean(bad) * bad.length + mean(good) * good.length);
  expect(share).toBeCloseTo(shareOfBad({ ...MEANS, seed: 1 }), 1);
});
