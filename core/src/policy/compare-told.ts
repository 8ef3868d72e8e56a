import type { Delta } from '../delta/delta.ts';
import { deltaIdentity } from './replay.ts';

/** What one scan tells, by three judges: then, and replayed by the rules of then and by other rules. */
export interface ToldByScan<Told extends Delta> {
  /** What was really told. */
  readonly told: readonly Told[];
  /** What the replay tells by the rules of then. */
  readonly replayed: readonly Delta[];
  /** What the replay tells by the other rules. */
  readonly now: readonly Delta[];
}

/** A delta that was told and stays; with what the replays tell of it, if they do. */
export interface ToldTwice<Told extends Delta> {
  readonly told: Told;
  readonly replayed: Delta | undefined;
  readonly now: Delta | undefined;
}

/** What the other rules would have made of one scan. */
export interface ToldComparison<Told extends Delta> {
  /** Told then, and now as well. */
  readonly both: readonly ToldTwice<Told>[];
  readonly onlyThen: readonly Told[];
  readonly onlyNow: readonly Delta[];
  /** How many of `both` neither replay tells, so that no rule can be blamed for them. */
  readonly unexplained: number;
}

/**
 * Says what other rules would have changed in what a scan told. Only that counts in which the two
 * replays differ: what a replay cannot know (targets that were edited, scans before its first)
 * is the same in both, and no rule's doing.
 */
export function compareTold<Told extends Delta>({
  told,
  replayed,
  now,
}: ToldByScan<Told>): ToldComparison<Told> {
  const toldThen = new Set(told.map(deltaIdentity));
  const ofThen = new Map(replayed.map((delta) => [deltaIdentity(delta), delta]));
  const ofNow = new Map(now.map((delta) => [deltaIdentity(delta), delta]));
  const isLost = (delta: Delta) => {
    const what = deltaIdentity(delta);
    return ofThen.has(what) && !ofNow.has(what);
  };
  const both = told
    .filter((delta) => !isLost(delta))
    .map((delta) => {
      const what = deltaIdentity(delta);
      return { told: delta, replayed: ofThen.get(what), now: ofNow.get(what) };
    });
  return {
    both,
    onlyThen: told.filter(isLost),
    onlyNow: now.filter((delta) => {
      const what = deltaIdentity(delta);
      return !ofThen.has(what) && !toldThen.has(what);
    }),
    unexplained: both.filter((one) => !one.now).length,
  };
}
