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
}

export interface DueDecision {
  readonly action: 'start' | 'wait' | 'skip';
  /** For people: why. */
  readonly reason: string;
  /** ISO 8601; null where no further run comes. */
  readonly nextRunAt: string | null;
}

/**
 * Decides what becomes of a run that is due: a scan starts, or waits for the group's last one to
 * end, or none comes. All runs missed up to `now` count as one.
 */
export function decideDue(run: DueRun): DueDecision {
  const isMissed = Date.parse(run.now) - Date.parse(run.dueAt) > MISSED_AFTER_MS;
  if (isMissed && run.missed === 'skip')
    return moveOn(run, 'skip', `missed: nothing was running at ${run.dueAt}`);
  if (run.running && run.overlap === 'skip')
    return moveOn(run, 'skip', 'the last scan of this group was still running');
  if (run.running) return moveOn(run, 'wait', 'waits for the last scan of this group to end');
  return moveOn(run, 'start', isMissed ? `started late: missed at ${run.dueAt}` : 'started');
}

function moveOn(run: DueRun, action: DueDecision['action'], reason: string): DueDecision {
  return { action, reason, nextRunAt: nextRuns(run.timing, run.now, 1)[0] ?? null };
}
