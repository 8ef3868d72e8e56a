import type { Delta } from '../delta/delta.ts';
import { deltaIdentity } from './replay.ts';

/** A delta that is told in one scan by the rules of then and in another by other rules, or by one of them alone. */
export interface Shift {
  /** How many scans later the other rules tell it; below 0: earlier. Null: they do not, or only they do. */
  scans: number | null;
}

export interface ShiftMatcher {
  /** Takes what only one side told in the scan at this place; its shift may be found by later calls. */
  readonly meet: (delta: Delta, side: 'then' | 'now', place: number) => Shift;
  /** How many were told later, earlier, by the rules of then alone, and by the others alone, so far. */
  readonly count: () => { later: number; earlier: number; less: number; more: number };
}

interface Waiting {
  readonly side: 'then' | 'now';
  readonly place: number;
  readonly shift: Shift;
}

/**
 * Finds which deltas the other rules tell in another scan: of one identity, the oldest that waits on
 * the one side is the next that comes on the other. Within one scan, `then` has to come first.
 */
export function createShiftMatcher(): ShiftMatcher {
  const waiting = new Map<string, Waiting[]>();
  const counts = { later: 0, earlier: 0, less: 0, more: 0 };
  const alone = (side: Waiting['side']) => (side === 'now' ? 'more' : 'less');
  const match = (first: Waiting, { side, place }: Waiting): Shift => {
    const scans = side === 'now' ? place - first.place : first.place - place;
    first.shift.scans = scans;
    counts[alone(first.side)] -= 1;
    counts[scans > 0 ? 'later' : 'earlier'] += 1;
    return { scans };
  };
  return {
    meet: (delta, side, place) => {
      const what = deltaIdentity(delta);
      const queue = waiting.get(what) ?? [];
      const one: Waiting = { side, place, shift: { scans: null } };
      const [first] = queue;
      if (first && first.side !== side) {
        queue.shift();
        return match(first, one);
      }
      counts[alone(side)] += 1;
      waiting.set(what, [...queue, one]);
      return one.shift;
    },
    count: () => ({ ...counts }),
  };
}
