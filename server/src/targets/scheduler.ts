import { decideDue } from '@netdelta/core/schedule/decide-due.ts';
import type { Transaction } from 'kysely';
import { type Database, enterSite } from '../db/database.ts';
import type { Tables } from '../db/tables.ts';
import type { Log } from '../log.ts';
import {
  type ScheduleRow,
  selectDueForUpdate,
  selectIsBusy,
  updateScheduleRun,
} from './schedule-queries.ts';

/** What keeps a scan from starting for now: its schedule stays due. */
export const NOT_NOW = Symbol('not now');

/** Starts a scan of a group, or lets it wait; null, or why not. Handed in, for scans come after targets. */
export type StartScheduled = (
  tx: Transaction<Tables>,
  schedule: { siteId: string; groupId: string; scheduleId: string },
) => Promise<string | null | typeof NOT_NOW>;

interface SchedulerParts {
  readonly database: Database;
  readonly log: Log;
  readonly startScan: StartScheduled;
  /** How often it looks for schedules that are due, in ms. */
  readonly everyMs?: number;
}

const LOOK_EVERY_MS = 5_000;
const MOST_AT_ONCE = 500;

export interface Scheduler {
  readonly start: () => void;
  /** Ends after the run that is being started. */
  readonly stop: () => Promise<void>;
}

/**
 * Starts what is due, in every site. Any number of schedulers may run on one database: each run is
 * claimed by a row lock, and started in the transaction that moves the schedule on.
 */
export function createScheduler({ everyMs = LOOK_EVERY_MS, ...parts }: SchedulerParts): Scheduler {
  let timer: NodeJS.Timeout | undefined;
  let looking = Promise.resolve();
  let stopped = false;
  const look = async () => {
    const failed: string[] = [];
    for (let run = 0; run < MOST_AT_ONCE && !stopped; run += 1)
      if (!(await runNext(parts, failed))) return;
  };
  const lookSafely = () => {
    looking = looking
      .then(look)
      .catch((error) => parts.log.warn({ err: error }, 'could not look for due schedules'));
  };
  return {
    start: () => {
      timer = setInterval(lookSafely, everyMs);
      lookSafely();
    },
    stop: () => {
      stopped = true;
      clearInterval(timer);
      return looking;
    },
  };
}

type RunParts = Omit<SchedulerParts, 'everyMs'>;

/**
 * Runs the schedule that is due longest. False: none is due. One that fails, or that cannot start now,
 * stays due, and is added to `failed`, so that it holds up no other.
 */
async function runNext(parts: RunParts, failed: string[]): Promise<boolean> {
  let claimed: string | undefined;
  try {
    return await parts.database.system.transaction().execute(async (tx) => {
      const now = new Date();
      const schedule = await selectDueForUpdate(tx, now, failed);
      claimed = schedule?.id;
      if (!schedule?.next_run_at) return false;
      // It is claimed: from here on only its own site's rows can be seen and written.
      await enterSite(tx, schedule.site_id);
      const due = { schedule, dueAt: schedule.next_run_at, now };
      if (!(await runSchedule(tx, parts, due))) failed.push(schedule.id);
      return true;
    });
  } catch (error) {
    if (claimed === undefined) throw error;
    parts.log.error(
      { err: error, scheduleId: claimed },
      'could not run a schedule; will try again',
    );
    failed.push(claimed);
    return true;
  }
}

/** False: not now, the schedule stays due. */
async function runSchedule(
  tx: Transaction<Tables>,
  { log, startScan }: RunParts,
  { schedule, dueAt, now }: { schedule: ScheduleRow; dueAt: Date; now: Date },
): Promise<boolean> {
  const decision = decideDue({
    timing: schedule.timing,
    missed: schedule.missed,
    overlap: schedule.overlap,
    dueAt: dueAt.toISOString(),
    now: now.toISOString(),
    running: await selectIsBusy(tx, schedule),
  });
  const refusal = decision.action === 'skip' ? null : await startScan(tx, placeOf(schedule));
  if (refusal === NOT_NOW) return false;
  const outcome = refusal ?? decision.reason;
  await updateScheduleRun(tx, schedule, { ...decision, lastRunAt: now, outcome });
  log.info({ scheduleId: schedule.id, outcome }, 'a schedule was due');
  return true;
}

function placeOf({ site_id, group_id, id }: ScheduleRow) {
  return { siteId: site_id, groupId: group_id, scheduleId: id };
}
