import { nextRuns } from './next-runs.ts';
import type { MissedPolicy, OverlapPolicy, ScheduleTiming } from './schedule.ts';

/** A run that is later than this was missed: nothing ran at its time. */
const MISSED_AFTER_MS = 10 * 60_000;

export interface DueRun {
  readonly timing: ScheduleTiming;
  readonly missed: MissedPolicy;
  readonly overlap: OverlapPolicy;
  /** ISO 8601: when the run was due. */
  readonly dueAt: string;
  /** ISO 8601. */
  readonly now: string;
  /** Whether the group's last scan still runs. */
  readonly running: boolean;
  /** Whether this run was already told to wait; then it is late, but not missed. */
  readonly waiting?: boolean;
}

export interface DueDecision {
  readonly action: 'start' | 'wait' | 'skip';
  /** For people: why. */
  readonly reason: string;
  /** ISO 8601; null where no further run comes. */
  readonly nextRunAt: string | null;
}

/**
 * Decides what becomes of a run that is due. `wait` leaves the run due (`nextRunAt` is its `dueAt`):
 * ask again later, with `waiting`. All runs missed up to `now` count as one.
 */
export function decideDue(run: DueRun): DueDecision {
  const late = Date.parse(run.now) - Date.parse(run.dueAt);
  if (late < 0) return waitUntil(run, 'not due yet');
  const isMissed = late > MISSED_AFTER_MS && run.waiting !== true;
  if (isMissed && run.missed === 'skip') {
    return moveOn(run, 'skip', `missed: nothing was running at ${run.dueAt}`);
  }
  if (run.running && run.overlap === 'skip') {
    return moveOn(run, 'skip', 'the last scan of this group was still running');
  }
  if (run.running) return waitUntil(run, 'waiting for the last scan of this group to end');
  if (run.waiting === true) return moveOn(run, 'start', 'started after the last scan ended');
  return moveOn(run, 'start', isMissed ? `started late: missed at ${run.dueAt}` : 'started');
}

function waitUntil(run: DueRun, reason: string): DueDecision {
  return { action: 'wait', reason, nextRunAt: run.dueAt };
}

function moveOn(run: DueRun, action: 'start' | 'skip', reason: string): DueDecision {
  return { action, reason, nextRunAt: nextRuns(run.timing, run.now, 1)[0] ?? null };
}
