import { type Insertable, type Selectable, sql } from 'kysely';
import type { SiteTransaction } from '../db/database.ts';
import type { GroupsTable } from '../db/tables.ts';
import { toldStatus } from '../db/told-status-queries.ts';

export type GroupRow = Selectable<GroupsTable>;
export type GroupColumns = Omit<
  Insertable<GroupsTable>,
  'site_id' | 'id' | 'created_at' | 'updated_at'
>;

/** Groups with what their list shows, by name; one page, or one group. */
export function selectGroups(
  tx: SiteTransaction,
  { id, afterName, limit }: { id?: string; afterName?: string; limit: number },
) {
  return tx
    .selectFrom('groups as g')
    .innerJoin('profiles as p', (join) =>
      join.onRef('p.site_id', '=', 'g.site_id').onRef('p.id', '=', 'g.profile_id'),
    )
    .leftJoinLateral(
      (scans) =>
        scans
          .selectFrom('scans as s')
          .select(['s.id', 's.status', 's.finished_at', 's.delta_count'])
          .whereRef('s.site_id', '=', 'g.site_id')
          .whereRef('s.group_id', '=', 'g.id')
          .orderBy('s.created_at', 'desc')
          .limit(1)
          .as('last'),
      (join) => join.onTrue(),
    )
    .selectAll('g')
    .select([
      'p.name as profile_name',
      'last.id as last_id',
      'last.status as last_status',
      'last.finished_at as last_finished_at',
      'last.delta_count as last_delta_count',
      sql<Date | null>`(select min(next_run_at) from schedules c where c.site_id = g.site_id
        and c.group_id = g.id and c.enabled)`.as('next_run_at'),
      sql<Record<string, number>>`(select coalesce(jsonb_object_agg(status, hosts), '{}') from (
        select ${sql.raw(toldStatus('t', 'scan_id'))} as status, sum(hosts) as hosts from group_tallies t
        where t.site_id = g.site_id and t.group_id = g.id group by 1) as by_status)`.as(
        'status_counts',
      ),
    ])
    .$if(id !== undefined, (q) => q.where('g.id', '=', id as string))
    .$if(afterName !== undefined, (q) => q.where(sql<boolean>`lower(g.name) > lower(${afterName})`))
    .orderBy(sql`lower(g.name)`)
    .limit(limit)
    .execute();
}
export type GroupListRow = Awaited<ReturnType<typeof selectGroups>>[number];

export function selectGroup(tx: SiteTransaction, id: string): Promise<GroupRow | undefined> {
  return tx.selectFrom('groups').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Locks the group against a scan that begins. */
export function selectGroupForUpdate(
  tx: SiteTransaction,
  id: string,
): Promise<GroupRow | undefined> {
  return tx.selectFrom('groups').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
}

export async function insertGroup(
  tx: SiteTransaction,
  siteId: string,
  columns: GroupColumns,
): Promise<string> {
  const { id } = await tx
    .insertInto('groups')
    .values({ site_id: siteId, ...columns })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

export async function updateGroup(
  tx: SiteTransaction,
  id: string,
  columns: GroupColumns,
): Promise<void> {
  await tx
    .updateTable('groups')
    .set({ ...columns, updated_at: sql`now()` })
    .where('id', '=', id)
    .execute();
}

export async function deleteGroup(tx: SiteTransaction, id: string): Promise<void> {
  await tx.deleteFrom('groups').where('id', '=', id).execute();
}

/** Most rows of any kind that go with their group in one transaction. */
const MOST_AT_ONCE = 5_000;

/** Whether a group has more rows than one transaction is to delete; counted no further than that. */
export async function selectIsLarge(tx: SiteTransaction, id: string): Promise<boolean> {
  const ofGroup = (table: string) =>
    sql`(select count(*) from (select from ${sql.table(table)} where group_id = ${id} limit ${MOST_AT_ONCE}) as counted)`;
  const tables = ['hosts', 'host_intervals', 'service_intervals', 'deltas', 'refutations', 'scans'];
  const { rows } = await sql<{ large: boolean }>`select greatest(${sql.join(tables.map(ofGroup))},
    (select count(*) from (select from scans as s join shards as sh on sh.site_id = s.site_id and sh.scan_id = s.id
      where s.group_id = ${id} limit ${MOST_AT_ONCE}) as counted)) >= ${MOST_AT_ONCE} as large`.execute(
    tx,
  );
  return rows[0]?.large ?? false;
}

/** From here on nothing scans or edits the group. */
export async function updateDeleting(tx: SiteTransaction, id: string): Promise<void> {
  await tx
    .updateTable('groups')
    .set({ deleting_since: sql<Date>`coalesce(deleting_since, now())` })
    .where('id', '=', id)
    .execute();
}

export async function selectProfileExists(tx: SiteTransaction, id: string): Promise<boolean> {
  return !!(await tx.selectFrom('profiles').select('id').where('id', '=', id).executeTakeFirst());
}

/** Whether a scan of the group is in one of these states. */
export async function selectHasScan(
  tx: SiteTransaction,
  groupId: string,
  statuses: readonly ('running' | 'cancelling' | 'waiting' | 'finished' | 'partial')[],
): Promise<boolean> {
  const scan = await tx
    .selectFrom('scans')
    .select('id')
    .where('group_id', '=', groupId)
    .where('status', 'in', statuses)
    .limit(1)
    .executeTakeFirst();
  return !!scan;
}
