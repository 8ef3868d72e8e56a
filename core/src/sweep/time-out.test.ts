import { describe, expect, it } from 'vitest';
import { addRoundTrip, decideTimeout, type RoundTrips } from './time-out.ts';

const limits = { floorMs: 300, ceilingMs: 950 };

it('follows RFC 6298', () => {
  const first = addRoundTrip(null, 100);
  expect(first).toEqual({ smoothed: 100, variation: 50 });
  expect(addRoundTrip(first, 180)).toEqual({ smoothed: 110, variation: 57.5 });
});

describe('the time-out', () => {
  it.each<[string, RoundTrips | null, number, number]>([
    ['the ceiling before anything is known', null, 1, 950],
    ['the floor on a quick path', { smoothed: 1, variation: 1 }, 1, 300],
    ['the measured time in between', { smoothed: 200, variation: 50 }, 1, 400],
    ['doubled at the second attempt', { smoothed: 200, variation: 50 }, 2, 800],
    ['not doubled again at the third', { smoothed: 200, variation: 50 }, 3, 800],
    ['never above the ceiling', { smoothed: 400, variation: 50 }, 3, 950],
  ])('is %s', (_what, trips, attempt, ms) => {
    expect(decideTimeout(trips, limits, attempt)).toBe(ms);
  });

  it('is the ceiling where that is below the floor', () => {
    const trips = { smoothed: 1, variation: 1 };
    expect(decideTimeout(trips, { floorMs: 300, ceilingMs: 200 }, 1)).toBe(200);
  });
});
