import { describe, expect, it } from 'vitest';
import { buildDeltaOfHost } from '../delta/build-delta.ts';
import type { Delta } from '../delta/delta.ts';
import { compareTold } from './compare-told.ts';
import { createShiftMatcher } from './match-shifts.ts';
import { deltaIdentity } from './replay.ts';

const [a, b, c, d] = ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4'].map((address) =>
  buildDeltaOfHost('host.down', { subject: { address } }),
) as [Delta, Delta, Delta, Delta];
const names = (deltas: readonly Delta[]) => deltas.map(deltaIdentity);

describe('what other rules would have made of a scan', () => {
  it.each<[what: string, told: Delta[][], both: Delta[], then: Delta[], now: Delta[], un: number]>([
    [
      'the same',
      [
        [a, b],
        [b, a],
        [a, b],
      ],
      [a, b],
      [],
      [],
      0,
    ],
    ['less', [[a, b], [a, b], [b]], [b], [a], [], 0],
    ['more', [[a], [a], [a, b]], [a], [], [b], 0],
    ['one for another', [[a], [a], [b]], [], [a], [b], 0],
    ['what no replay tells stays', [[a, d], [a], [a]], [a, d], [], [], 1],
    ['what both replays tell, and was not told, is no news', [[], [c], [c]], [], [], [], 0],
    ['what was not told cannot be missed', [[], [c], []], [], [], [], 0],
    ['what was told cannot be new', [[c], [], [c]], [c], [], [], 0],
  ])('%s', (_what, [told = [], replayed = [], now = []], both, onlyThen, onlyNow, unexplained) => {
    const compared = compareTold({ told, replayed, now });
    expect(names(compared.both.map((one) => one.told))).toEqual(names(both));
    expect(names(compared.onlyThen)).toEqual(names(onlyThen));
    expect(names(compared.onlyNow)).toEqual(names(onlyNow));
    expect(compared.unexplained).toBe(unexplained);
  });
});

describe('what is told in another scan', () => {
  it('is matched with the oldest of its kind that waits, whichever side came first', () => {
    const matcher = createShiftMatcher();
    const early = matcher.meet(a, 'then', 3);
    const again = matcher.meet(a, 'then', 7);
    const late = matcher.meet(a, 'now', 5);
    const last = matcher.meet(a, 'now', 10);
    const sooner = matcher.meet(b, 'now', 4);
    const then = matcher.meet(b, 'then', 6);
    const alone = matcher.meet(c, 'now', 8);
    const shifts = [early, again, late, last, sooner, then, alone].map(({ scans }) => scans);
    expect(shifts).toEqual([2, 3, 2, 3, -2, -2, null]);
    expect(matcher.count()).toEqual({ later: 2, earlier: 1, less: 0, more: 1 });
  });
});
