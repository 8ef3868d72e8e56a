import { describe, expect, it } from 'vitest';
import { HOST_STATUSES, hostStatusCode, hostStatusOf } from './status.ts';
import { HOST_EVENTS, HOST_TRANSITIONS } from './transitions.ts';

/** DESIGN's transitions, by code: same, different, silent, satisfied, removed, added. */
const EXPECTED: Record<number, number[]> = {
  0: [2, 2, 1, 1, 9, 0],
  1: [2, 2, 1, 1, 9, 1],
  2: [3, 4, 5, 6, 9, 2],
  3: [3, 4, 5, 6, 9, 3],
  4: [3, 4, 5, 6, 9, 4],
  5: [3, 4, 5, 6, 9, 5],
  6: [8, 8, 7, 7, 9, 6],
  7: [8, 8, 7, 7, 9, 7],
  8: [3, 4, 5, 6, 9, 8],
  9: [9, 9, 9, 9, 9, 0],
};

describe('the transition table', () => {
  it.each(HOST_STATUSES)('$code $name', ({ name, code }) => {
    const codes = HOST_EVENTS.map((event) => hostStatusCode(HOST_TRANSITIONS[name][event]));
    expect(codes).toEqual(EXPECTED[code]);
    expect(hostStatusOf(code)).toBe(name);
  });
});
