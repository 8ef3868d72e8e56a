import type { ReplayedDelta, ReplayedScan, ReplayTotals } from '@netdelta/core/api/replay.ts';
import type { Delta } from '@netdelta/core/delta/delta.ts';
import { describeDelta } from '@netdelta/core/delta/describe-delta.ts';
import { describeMoment } from '@netdelta/core/delta/describe-moment.ts';
import type { Rating } from '@netdelta/core/evidence/rating.ts';
import { compareTold } from '@netdelta/core/policy/compare-told.ts';
import { describeTold, describeUntold } from '@netdelta/core/policy/describe-grounds.ts';
import { createShiftMatcher, type Shift } from '@netdelta/core/policy/match-shifts.ts';
import type { JudgedScan } from './replay-judge.ts';
import type { PastScanRow } from './replay-queries.ts';

/** A stored delta with the rating that it got when its scan ended. */
export type ToldDelta = Delta & { readonly rating: Rating | null };

/** A scan with what it told, and what the two judges make of it. */
export interface ScanJudgement {
  readonly scan: Pick<PastScanRow, 'id' | 'number' | 'finished_at' | 'created_at'>;
  /** It tells nothing that could be compared. */
  readonly learns: boolean;
  readonly told: readonly ToldDelta[];
  /** By the rules of then. */
  readonly replayed: JudgedScan;
  /** By the policy. */
  readonly now: JudgedScan;
}

/** The answer stays small, however much was told: so many deltas of one scan, and of all scans. */
const MOST_OF_SCAN = 50;
const MOST_DIFFERING = 1_000;
const MOST_SAME = 500;

/** A delta whose shift is known only when later scans have been judged. */
interface Entry {
  readonly delta: Delta;
  readonly told: ReplayedDelta['told'];
  readonly why: string;
  readonly ratingThen: Rating | null;
  readonly ratingNow: Rating | null;
  readonly shift: Shift;
}

interface Row {
  readonly scan: Omit<ReplayedScan, 'deltas'>;
  readonly entries: readonly Entry[];
}

/** Gathers what another policy would have made of scan after scan, in time order. */
export function createReplayReport(timeZone: string) {
  const rows: Row[] = [];
  const matcher = createShiftMatcher();
  const sums = { told: 0, both: 0, onlyNow: 0, rerated: 0, unexplained: 0 };
  const room = { differing: MOST_DIFFERING, same: MOST_SAME };
  return {
    add: (judged: ScanJudgement): void => {
      if (judged.learns) return void rows.push(buildLearning(judged));
      const { told, replayed, now } = judged;
      const compared = compareTold({ told, replayed: replayed.deltas, now: now.deltas });
      const entries = buildEntries(judged, compared, { matcher, place: rows.length });
      sums.told += told.length;
      sums.both += compared.both.length;
      sums.onlyNow += compared.onlyNow.length;
      sums.unexplained += compared.unexplained;
      sums.rerated += entries.filter(isRerated).length;
      const shown = choose(entries, room);
      const wouldTell = compared.both.length + compared.onlyNow.length;
      const counts = { told: told.length, wouldTell };
      const leftOut = entries.filter(isDifferent).length - shown.filter(isDifferent).length;
      rows.push({ scan: buildScan(judged, { ...counts, leftOut }), entries: shown });
    },
    end: (): { totals: ReplayTotals; scans: ReplayedScan[] } => {
      const { told, both, onlyNow, rerated, unexplained } = sums;
      const totals = { told, wouldTell: both + onlyNow, rerated, unexplained, ...matcher.count() };
      const present = (entry: Entry) => presentEntry(entry, timeZone);
      const scans = rows.map(({ scan, entries }) => ({ ...scan, deltas: entries.map(present) }));
      return { totals, scans };
    },
  };
}

function buildLearning(judged: ScanJudgement): Row {
  const count = judged.told.length;
  return { scan: buildScan(judged, { told: count, wouldTell: count, leftOut: 0 }), entries: [] };
}

function buildScan(
  { scan, learns }: ScanJudgement,
  counts: Pick<ReplayedScan, 'told' | 'wouldTell' | 'leftOut'>,
): Omit<ReplayedScan, 'deltas'> {
  const at = (scan.finished_at ?? scan.created_at).toISOString();
  return { scanId: scan.id, number: scan.number, at, learns, ...counts };
}

/** What differs comes first, and of it what was told then: a shift within one scan is none. */
function buildEntries(
  { replayed, now }: ScanJudgement,
  { both, onlyThen, onlyNow }: ReturnType<typeof compareTold<ToldDelta>>,
  { matcher, place }: { matcher: ReturnType<typeof createShiftMatcher>; place: number },
): Entry[] {
  const lost = onlyThen.map((delta): Entry => {
    const address = 'address' in delta.subject ? delta.subject.address : '';
    const why = describeUntold(delta, now.beliefOf(address), now.rulesOf(address));
    const shift = matcher.meet(delta, 'then', place);
    return { delta, told: 'then', why, ratingThen: delta.rating, ratingNow: null, shift };
  });
  const gained = onlyNow.map((delta): Entry => {
    const shift = matcher.meet(delta, 'now', place);
    const ratingNow = now.ratings.get(delta) ?? null;
    return { delta, told: 'now', why: describeTold(delta), ratingThen: null, ratingNow, shift };
  });
  const same = both.map(({ told: delta, replayed: first, now: other }): Entry => {
    const before = rate(replayed, first);
    const after = rate(now, other);
    // By one and the same history: what a replay does not know of it is nobody's doing.
    const ratingNow = before === after ? delta.rating : after;
    const why = describeTold(other ?? delta);
    return { delta, told: 'both', why, ratingThen: delta.rating, ratingNow, shift: { scans: 0 } };
  });
  const rerated = same.filter(isRerated);
  return [...lost, ...gained, ...rerated, ...same.filter((entry) => !isRerated(entry))];
}

function rate({ ratings }: JudgedScan, delta: Delta | undefined): Rating | null {
  return (delta && ratings.get(delta)) ?? null;
}

function isRerated({ told, ratingThen, ratingNow }: Entry): boolean {
  return told === 'both' && ratingThen !== ratingNow;
}

function isDifferent(entry: Entry): boolean {
  return entry.told !== 'both' || isRerated(entry);
}

/** As many as there is room for; what is chosen takes its room. */
function choose(entries: readonly Entry[], room: { differing: number; same: number }): Entry[] {
  return entries.slice(0, MOST_OF_SCAN).filter((entry) => {
    const part = isDifferent(entry) ? 'differing' : 'same';
    room[part] -= 1;
    return room[part] >= 0;
  });
}

function presentEntry({ delta, shift, ...entry }: Entry, timeZone: string): ReplayedDelta {
  return {
    ...entry,
    kind: delta.kind,
    subject: delta.subject,
    sentence: describeDelta(delta, (iso) => describeMoment(iso, timeZone)),
    shift: shift.scans,
  };
}
