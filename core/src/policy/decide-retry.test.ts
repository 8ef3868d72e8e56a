import { expect, test } from 'vitest';
import { decideRetry } from './decide-retry.ts';

/** The waits from the first attempt on, until it is given up. */
function waits(): number[] {
  const all: number[] = [];
  for (let attempts = 1; attempts < 100; attempts += 1) {
    const wait = decideRetry({ attempts, retryable: true });
    if (wait === null) return all;
    all.push(wait);
  }
  throw new Error('it never gives up');
}

test('waits grow, and end after about a day', () => {
  expect(waits()[0]).toBe(60);
  expect(waits()).toEqual(waits().toSorted((a, b) => a - b));
  const hours = waits().reduce((sum, wait) => sum + wait) / 3_600;
  expect(hours).toBeGreaterThan(20);
  expect(hours).toBeLessThan(28);
});

test('what can never pass is not tried again', () => {
  expect(decideRetry({ attempts: 1, retryable: false })).toBeNull();
});
