import { hostStatusCode } from '@netdelta/core/host/status.ts';
import type { Target } from '@netdelta/core/target/target.ts';
import { type Insertable, type Selectable, sql } from 'kysely';
import type { SiteTransaction } from '../db/database.ts';
import type { GroupsTable } from '../db/tables.ts';

export type GroupRow = Selectable<GroupsTable>;
export type GroupColumns = Omit<
  Insertable<GroupsTable>,
  'site_id' | 'id' | 'created_at' | 'updated_at'
>;

const { ADDED, REMOVED } = { ADDED: hostStatusCode('ADDED'), REMOVED: hostStatusCode('REMOVED') };

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
        select status, count(*) as hosts from hosts h where h.site_id = g.site_id and h.group_id = g.id
        group by status) as by_status)`.as('status_counts'),
    ])
    .$if(id !== undefined, (q) => q.where('g.id', '=', id as string))
    .$if(afterName !== undefined, (q) => q.where(sql<boolean>`lower(g.name) > lower(${afterName})`))
    .orderBy(sql`lower(g.name)`)
    .limit(limit)
    .execute();
}
export type GroupListRow = Awaited<ReturnType<typeof selectGroups>>[number];

/** Locks the group against another edit, and against a scan that begins. */
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

/** Everything that a group's targets make, for SQL: inclusive ranges, and host names. */
export interface Reach {
  readonly ranges: readonly { first: string; last: string }[];
  readonly names: readonly string[];
}

/**
 * Makes hosts that are no target any more REMOVED, and removed ones that are targets again ADDED,
 * each with its interval, in one statement whatever their number.
 */
export async function updateHostsToReach(
  tx: SiteTransaction,
  { siteId, groupId }: { siteId: string; groupId: string },
  { ranges, names }: Reach,
): Promise<void> {
  const firsts = ranges.map(({ first }) => first);
  const lasts = ranges.map(({ last }) => last);
  await sql`
    with judged as (
      select h.address, case when h.status = ${REMOVED} then ${ADDED} else ${REMOVED} end::smallint as status
      from hosts as h
      where h.site_id = ${siteId} and h.group_id = ${groupId} and (h.status = ${REMOVED}) = (
        coalesce(h.target_name = any(${names}::text[]), false) or exists (
          select from unnest(${firsts}::inet[], ${lasts}::inet[]) as r (first, last)
          where h.address between r.first and r.last))
    ), moved as (
      update hosts as h set status = judged.status, status_since = now(),
        silence_scans = 0, silence_since = null, silence_since_scan = null
      from judged where h.site_id = ${siteId} and h.group_id = ${groupId} and h.address = judged.address
      returning h.address, h.status
    ), ended as (
      update host_intervals as i set valid_to = now() from moved
      where i.site_id = ${siteId} and i.group_id = ${groupId} and i.address = moved.address and i.valid_to is null
      returning i.address
    )
    insert into host_intervals (site_id, group_id, address, valid_from, valid_to, status)
    select ${siteId}, ${groupId}, moved.address, now(), null, moved.status from moved
    where (select count(*) from ended) >= 0`.execute(tx);
}

/** Records which targets came and went. */
export async function insertTargetDeltas(
  tx: SiteTransaction,
  place: { siteId: string; groupId: string },
  deltas: readonly {
    kind: 'target.added' | 'target.removed';
    target: Target;
    addresses: number | null;
  }[],
): Promise<void> {
  if (deltas.length === 0) return;
  const side = (addresses: number | null) =>
    JSON.stringify(addresses === null ? {} : { addresses });
  await tx
    .insertInto('deltas')
    .values(
      deltas.map(({ kind, target, addresses }) => ({
        site_id: place.siteId,
        group_id: place.groupId,
        at: sql<Date>`now()`,
        kind,
        target: target.text,
        before: kind === 'target.removed' ? side(addresses) : null,
        after: kind === 'target.added' ? side(addresses) : null,
        evidence: JSON.stringify({ reason: 'edited' }),
      })),
    )
    .execute();
}
