import { describe, expect, it } from 'vitest';
import {
  estimateLoss,
  HOST_GOAL,
  joinAnswers,
  joinTypical,
  planAttempts,
  UNKNOWN_PATH,
} from './attempts.ts';

const nothingKnown = { loss: 0, weight: 0.001 };

describe('the loss of a path', () => {
  it.each<[string, number[], number]>([
    ['nothing lost', [100], 0],
    ['nothing late at the second attempt', [100, 0], 0],
    ['a fifth lost', [800, 160, 32], 192 / 960],
    ['a third lost, known after two attempts', [640, 230], 230 / 640],
  ])('is estimated from %s', (_what, answers, loss) => {
    expect(estimateLoss(answers, nothingKnown).mean).toBeCloseTo(loss, 3);
  });

  it('is the prior where nothing answered, and leans on it where little did', () => {
    expect(estimateLoss([], { loss: 0.2, weight: 10 }).mean).toBeCloseTo(0.2);
    const few = estimateLoss([2, 1], { loss: 0.02, weight: 10 }).mean;
    expect(few).toBeGreaterThan(0.02);
    expect(few).toBeLessThan(0.2);
  });

  it('may be higher than its mean the less is known, and is never certain', () => {
    const little = estimateLoss([8, 2], UNKNOWN_PATH);
    const much = estimateLoss([800, 200], UNKNOWN_PATH);
    expect(little.high - little.mean).toBeGreaterThan(much.high - much.mean);
    expect(estimateLoss([1, 50, 50], UNKNOWN_PATH).high).toBeLessThan(1);
  });

  it('adds up over hosts', () => {
    expect(joinAnswers([[3, 1], [2], [1, 1, 1]])).toEqual([6, 2, 1]);
  });
});

describe('the attempts', () => {
  it.each([
    [0, 2],
    [0.02, 2],
    [0.0975, 3],
    [0.19, 5],
    [0.36, 7],
    [0.6, 8],
    [1, 8],
  ])('at a loss of %d are %i', (loss, attempts) => {
    expect(planAttempts(loss)).toBe(attempts);
  });

  it('miss no more than the target', () => {
    for (let loss = 0.01; loss < 0.45; loss += 0.01)
      expect(loss ** planAttempts(loss, { missProbability: 0.004, most: 8 })).toBeLessThanOrEqual(
        0.004,
      );
  });
});

it('asks whole hosts more often than ports, and neither for ever', () => {
  expect([0, 0.1, 0.2, 0.4].map((loss) => planAttempts(loss, HOST_GOAL))).toEqual([2, 5, 8, 12]);
  expect([0, 0.1, 0.2, 0.4].map((loss) => planAttempts(loss))).toEqual([2, 3, 5, 8]);
});

it('leaves hosts that limit their answers out of what is told of the path', () => {
  const usual = Array.from({ length: 10 }, () => [90, 9, 1]);
  const limited = [20, 20, 20, 20, 18];
  expect(joinTypical([...usual, limited])).toEqual(joinAnswers(usual));
  expect(joinTypical([...usual, [1, 1]])).toEqual(joinAnswers([...usual, [1, 1]]));
  expect(joinTypical([limited])).toEqual(limited);
});
