import type { ScheduleRequest } from '@netdelta/core/api/groups.ts';
import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import type { SiteTransaction } from '../db/database.ts';
import type { SchedulesTable } from '../db/schedule-tables.ts';
import type { Tables } from '../db/tables.ts';

export type ScheduleRow = Selectable<SchedulesTable>;

/** Schedules with their group's name, the next to run first. */
export function selectSchedules(tx: SiteTransaction, query: { id?: string; groupId?: string }) {
  return tx
    .selectFrom('schedules as s')
    .innerJoin('groups as g', (join) =>
      join.onRef('g.site_id', '=', 's.site_id').onRef('g.id', '=', 's.group_id'),
    )
    .selectAll('s')
    .select('g.name as group_name')
    .$if(query.id !== undefined, (q) => q.where('s.id', '=', query.id as string))
    .$if(query.groupId !== undefined, (q) => q.where('s.group_id', '=', query.groupId as string))
    .orderBy(sql`s.next_run_at nulls last`)
    .orderBy('s.id')
    .execute();
}
export type ScheduleListRow = Awaited<ReturnType<typeof selectSchedules>>[number];

export async function insertSchedule(
  tx: SiteTransaction,
  siteId: string,
  { typed, nextRunAt }: { typed: ScheduleRequest; nextRunAt: string | null },
): Promise<string> {
  const { id } = await tx
    .insertInto('schedules')
    .values({ site_id: siteId, ...columnsOf(typed), next_run_at: nextRunAt })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

export async function updateSchedule(
  tx: SiteTransaction,
  id: string,
  { typed, nextRunAt }: { typed: ScheduleRequest; nextRunAt: string | null },
): Promise<void> {
  await tx
    .updateTable('schedules')
    .set({ ...columnsOf(typed), next_run_at: nextRunAt, updated_at: sql`now()` })
    .where('id', '=', id)
    .execute();
}

export async function deleteSchedule(tx: SiteTransaction, id: string): Promise<void> {
  await tx.deleteFrom('schedules').where('id', '=', id).execute();
}

function columnsOf({ groupId, timing, missed, overlap, enabled }: ScheduleRequest) {
  return { group_id: groupId, timing: JSON.stringify(timing), missed, overlap, enabled };
}

/** Locks one schedule of any site that is due at `now`, is not in `except`, and that no other scheduler holds. */
export function selectDueForUpdate(
  tx: Transaction<Tables>,
  now: Date,
  except: readonly string[],
): Promise<ScheduleRow | undefined> {
  return tx
    .selectFrom('schedules')
    .selectAll()
    .where('enabled', '=', true)
    .where('next_run_at', '<=', now)
    .where(sql<boolean>`id <> all(${except}::uuid[])`)
    .where(sql<boolean>`site_id not in (select id from sites where deactivated_at is not null)`)
    .orderBy('next_run_at')
    .limit(1)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();
}

/** Whether a scan of the group runs or waits. */
export async function selectIsBusy(
  tx: Transaction<Tables>,
  { site_id, group_id }: Pick<ScheduleRow, 'site_id' | 'group_id'>,
): Promise<boolean> {
  const scan = await tx
    .selectFrom('scans')
    .select('id')
    .where('site_id', '=', site_id)
    .where('group_id', '=', group_id)
    .where('status', 'in', ['waiting', 'running', 'cancelling'])
    .limit(1)
    .executeTakeFirst();
  return !!scan;
}

export async function updateScheduleRun(
  tx: Kysely<Tables>,
  { site_id, id }: Pick<ScheduleRow, 'site_id' | 'id'>,
  run: { nextRunAt: string | null; lastRunAt: Date; outcome: string },
): Promise<void> {
  await tx
    .updateTable('schedules')
    .set({ next_run_at: run.nextRunAt, last_run_at: run.lastRunAt, last_outcome: run.outcome })
    .where('site_id', '=', site_id)
    .where('id', '=', id)
    .execute();
}
