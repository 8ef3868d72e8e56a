import type { ScanQuery } from '@netdelta/core/api/scans.ts';
import type { Identity } from '@netdelta/core/host/identity.ts';
import { hostStatusCode } from '@netdelta/core/host/status.ts';
import type { ScanOptions } from '@netdelta/core/profile/options.ts';
import type { Target, TargetSet } from '@netdelta/core/target/target.ts';
import { type Selectable, sql } from 'kysely';
import type { SiteTransaction } from '../db/database.ts';
import type { ScanProblem, ScansTable } from '../db/tables.ts';

export type ScanRow = Selectable<ScansTable>;

/** What a scan takes from its group and profile at the moment when it begins. */
export interface ScanPlan {
  readonly groupId: string;
  /** As stored: see db/down-after. */
  readonly downAfter: number;
  readonly serviceDownAfter: number;
  readonly identity: Identity;
  readonly profileName: string;
  readonly options: ScanOptions;
}

const importLock = (groupId: string) => sql`hashtextextended(${`import ${groupId}`}, 0)`;

/** Keeps imports of past scans into the group out until the transaction ends. False: one is at work. */
export async function tryShareGroup(tx: SiteTransaction, groupId: string): Promise<boolean> {
  const { rows } = await sql<{ shared: boolean }>`
    select pg_try_advisory_xact_lock_shared(${importLock(groupId)}) as shared`.execute(tx);
  return rows[0]?.shared ?? false;
}

/** Has the group for an import alone until the transaction ends: others wait for it, or are refused. */
export async function lockGroupForImport(tx: SiteTransaction, groupId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(${importLock(groupId)})`.execute(tx);
}

/** Locks the group, so that two requests for a scan of it take turns. Null: there is none, or it is being deleted. */
export async function selectPlanForUpdate(
  tx: SiteTransaction,
  groupId: string,
): Promise<ScanPlan | null> {
  const row = await tx
    .selectFrom('groups as g')
    .innerJoin('profiles as p', (join) =>
      join.onRef('p.site_id', '=', 'g.site_id').onRef('p.id', '=', 'g.profile_id'),
    )
    .select([
      'g.id as groupId',
      'g.down_after as downAfter',
      'g.service_down_after as serviceDownAfter',
      'g.identity',
      'p.name as profileName',
      'p.options',
    ])
    .where('g.id', '=', groupId)
    .where('g.deleting_since', 'is', null)
    .forNoKeyUpdate('g')
    .executeTakeFirst();
  return row ?? null;
}

/** The scans of a group that are not over: at most one that runs, and those that wait for it, oldest first. */
export function selectOpenScans(tx: SiteTransaction, groupId: string) {
  return tx
    .selectFrom('scans')
    .select(['id', 'status'])
    .where('group_id', '=', groupId)
    .where('status', 'in', ['waiting', 'running', 'cancelling'])
    .orderBy('created_at')
    .execute();
}

/** The oldest scan of a site that waits while nothing of its group runs. */
export function selectNextWaiting(
  tx: SiteTransaction,
  siteId: string,
): Promise<{ id: string; groupId: string } | undefined> {
  return tx
    .selectFrom('scans as s')
    .innerJoin('groups as g', (join) =>
      join.onRef('g.site_id', '=', 's.site_id').onRef('g.id', '=', 's.group_id'),
    )
    .select(['s.id', 's.group_id as groupId'])
    .where('s.site_id', '=', siteId)
    .where('s.status', '=', 'waiting')
    .where('g.deleting_since', 'is', null)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('scans as o')
            .select('o.id')
            .whereRef('o.site_id', '=', 's.site_id')
            .whereRef('o.group_id', '=', 's.group_id')
            .where('o.status', 'in', ['running', 'cancelling']),
        ),
      ),
    )
    .orderBy('s.created_at')
    .orderBy('s.id')
    .limit(1)
    .executeTakeFirst();
}

export interface NewScan {
  readonly siteId: string;
  readonly trigger: ScansTable['trigger'];
  readonly startedBy: string | null;
  readonly scheduleId: string | null;
}

export async function insertScan(
  tx: SiteTransaction,
  plan: ScanPlan,
  scan: NewScan,
): Promise<string> {
  const { id } = await tx
    .insertInto('scans')
    .values({
      site_id: scan.siteId,
      group_id: plan.groupId,
      status: 'waiting',
      trigger: scan.trigger,
      schedule_id: scan.scheduleId,
      started_by: scan.startedBy,
      profile_name: plan.profileName,
      options: JSON.stringify(plan.options),
      down_after: plan.downAfter,
      service_down_after: plan.serviceDownAfter,
      identity: plan.identity,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** Makes a waiting scan the one that runs, with the plan as it is now, and the scan that it is compared with. */
export async function updateScanBegun(
  tx: SiteTransaction,
  scanId: string,
  plan: ScanPlan,
): Promise<void> {
  const previous = await tx
    .selectFrom('scans')
    .select('id')
    .where('group_id', '=', plan.groupId)
    .where('status', 'in', ['finished', 'partial'])
    .orderBy('created_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  await tx
    .updateTable('scans')
    .set({
      status: 'running',
      started_at: sql`now()`,
      first: !previous,
      previous_scan_id: previous?.id ?? null,
      profile_name: plan.profileName,
      options: JSON.stringify(plan.options),
      down_after: plan.downAfter,
      service_down_after: plan.serviceDownAfter,
      identity: plan.identity,
      // Those that saw nothing are not counted on: what flaps is judged by scans that looked.
      number: sql`1 + (select coalesce(max(number), 0) from scans where group_id = ${plan.groupId}
        and status in ('finished', 'partial'))`,
    })
    .where('id', '=', scanId)
    .execute();
}

export function selectScan(tx: SiteTransaction, scanId: string): Promise<ScanRow | undefined> {
  return tx.selectFrom('scans').selectAll().where('id', '=', scanId).executeTakeFirst();
}

export function selectScanForUpdate(
  tx: SiteTransaction,
  scanId: string,
): Promise<ScanRow | undefined> {
  return tx
    .selectFrom('scans')
    .selectAll()
    .where('id', '=', scanId)
    .forNoKeyUpdate()
    .executeTakeFirst();
}

export async function selectTargets(
  tx: SiteTransaction,
  groupId: string,
): Promise<{ targets: Target[]; exclusions: Target[]; beacons: string; limit: number }> {
  return tx
    .selectFrom('groups as g')
    .innerJoin('sites as s', 's.id', 'g.site_id')
    .select(['g.targets', 'g.exclusions', 'g.beacons', 's.target_limit as limit'])
    .where('g.id', '=', groupId)
    .executeTakeFirstOrThrow();
}

export async function selectGroupName(
  tx: SiteTransaction,
  groupId: string,
): Promise<string | undefined> {
  const group = await tx
    .selectFrom('groups')
    .select('name')
    .where('id', '=', groupId)
    .executeTakeFirst();
  return group?.name;
}

/** The group's targets as they are now, if they were edited after the scan began. */
export function selectTargetsEditedSince(
  tx: SiteTransaction,
  scan: Pick<ScanRow, 'group_id' | 'started_at'>,
): Promise<TargetSet | undefined> {
  return tx
    .selectFrom('groups')
    .select(['targets', 'exclusions'])
    .where('id', '=', scan.group_id)
    .where('updated_at', '>', scan.started_at ?? new Date())
    .executeTakeFirst();
}

export async function updateScan(
  tx: SiteTransaction,
  scanId: string,
  change: Partial<
    Pick<
      ScanRow,
      | 'status'
      | 'address_count'
      | 'shard_count'
      | 'finished_at'
      | 'hosts_up'
      | 'services_open'
      | 'engine'
      | 'engine_version'
      | 'engine_choice'
      | 'blind'
      | 'loss'
      | 'delta_count'
    >
  >,
): Promise<void> {
  await tx.updateTable('scans').set(change).where('id', '=', scanId).execute();
}

export async function addScanProblems(
  tx: SiteTransaction,
  scanId: string,
  problems: readonly ScanProblem[],
): Promise<void> {
  if (problems.length === 0) return;
  await tx
    .updateTable('scans')
    .set({ problems: sql`problems || ${JSON.stringify(problems)}::jsonb` })
    .where('id', '=', scanId)
    .execute();
}

const progressOfShards = sql<number>`coalesce(sum(sh.address_count *
  case when sh.status in ('queued') then 0 when sh.status = 'running' then (sh.progress->>'fraction')::float else 1 end), 0)`;

/** Scans with their group's name and their progress, newest first; one page, or one scan. */
export function selectScanViews(
  tx: SiteTransaction,
  query: Partial<ScanQuery> & { id?: string; before?: { at: string; id: string } },
) {
  return tx
    .selectFrom('scans as s')
    .innerJoin('groups as g', (join) =>
      join.onRef('g.site_id', '=', 's.site_id').onRef('g.id', '=', 's.group_id'),
    )
    .leftJoinLateral(
      (shards) =>
        shards
          .selectFrom('shards as sh')
          .select([
            progressOfShards.as('addressesDone'),
            sql<number>`coalesce(sum((sh.progress->>'hostsUp')::int), 0)::int`.as('hostsUp'),
            sql<number>`coalesce(sum((sh.progress->>'servicesOpen')::int), 0)::int`.as(
              'servicesOpen',
            ),
          ])
          .whereRef('sh.site_id', '=', 's.site_id')
          .whereRef('sh.scan_id', '=', 's.id')
          // Within, so that the shards of scans that are over are not even looked at.
          .where('s.status', 'in', ['running', 'cancelling'])
          .as('progress'),
      (join) => join.onTrue(),
    )
    .leftJoin('users as u', 'u.id', 's.started_by')
    .leftJoin('api_keys as k', (join) =>
      join.on(sql<boolean>`s.started_by = 'key:' || k.id and k.site_id = s.site_id`),
    )
    .selectAll('s')
    .select([
      'g.name as group_name',
      sql<string | null>`coalesce(u.name, 'API key ' || k.name)`.as('person'),
      'progress.addressesDone',
      'progress.hostsUp',
      'progress.servicesOpen',
    ])
    .$if(query.id !== undefined, (q) => q.where('s.id', '=', query.id as string))
    .$if(query.groupId !== undefined, (q) => q.where('s.group_id', '=', query.groupId as string))
    .$if(query.status !== undefined, (q) => q.where('s.status', '=', query.status as 'running'))
    .$if(query.before !== undefined, (q) =>
      q.where(
        sql<boolean>`(s.created_at, s.id) < (${query.before?.at}::timestamptz, ${query.before?.id}::uuid)`,
      ),
    )
    .orderBy('s.created_at', 'desc')
    .orderBy('s.id', 'desc')
    .limit(query.limit ?? 50)
    .execute();
}
export type ScanViewRow = Awaited<ReturnType<typeof selectScanViews>>[number];

/** How many hosts of a group are silent and held now. */
export async function selectMissedCount(tx: SiteTransaction, groupId: string): Promise<number> {
  const { missed } = await tx
    .selectFrom('hosts')
    .select(sql<number>`count(*)::int`.as('missed'))
    .where('group_id', '=', groupId)
    .where('status', '=', hostStatusCode('MISSED'))
    .executeTakeFirstOrThrow();
  return missed;
}
