import type { Expired } from '@netdelta/core/retention/storage.ts';
import { type RawBuilder, sql } from 'kysely';
import type { SiteTransaction } from '../db/database.ts';
import { tryLockDetails } from '../db/details-lock-queries.ts';

/**
 * Each of these takes the next rows that have expired, at most ROWS_AT_ONCE, and answers what it took:
 * nothing when there are none left. Found by index, deleted by their place (ctid): a batch costs what
 * it holds, however large the tables are.
 */
const ROWS_AT_ONCE = 500;

const ENDED = sql`('finished', 'partial', 'failed', 'cancelled')`;

export async function selectGroupIds(tx: SiteTransaction): Promise<string[]> {
  const rows = await tx.selectFrom('groups').select('id').orderBy('id').execute();
  return rows.map(({ id }) => id);
}

/** The oldest scan of the group that ended before and has details, but for its newest whole scan. */
async function selectScanWithDetails(
  tx: SiteTransaction,
  groupId: string,
  before: string,
): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`
    select id from scans
    where group_id = ${groupId} and has_details and created_at < ${before}::timestamptz
      and status in ${ENDED} and coalesce(finished_at, created_at) < ${before}::timestamptz
      and id is distinct from (select id from scans where group_id = ${groupId} and status in ('finished', 'partial')
        order by created_at desc, id desc limit 1)
    order by created_at limit 1`.execute(tx);
  return rows[0]?.id;
}

/** A scan before what belongs to it, as the deletion of its group: the other way round, the two would wait for each other. */
function lockScan(tx: SiteTransaction, scanId: string) {
  return tx
    .selectFrom('scans')
    .select(['covered', 'details_expired_at'])
    .where('id', '=', scanId)
    .forNoKeyUpdate()
    .executeTakeFirst();
}

/**
 * Details of one scan. What it covered is noted with the scan before the first of its shards goes. While
 * somebody reads the group's details, nothing: they are left to the next run.
 */
export async function expireDetails(
  tx: SiteTransaction,
  groupId: string,
  before: string,
  noteCovered: (tx: SiteTransaction, scanId: string) => Promise<void>,
): Promise<Expired> {
  const scanId = await selectScanWithDetails(tx, groupId, before);
  if (!scanId || !(await tryLockDetails(tx, groupId))) return {};
  const scan = await lockScan(tx, scanId);
  if (!scan) return {};
  if (scan.covered === null && scan.details_expired_at === null) await noteCovered(tx, scanId);
  const { rows } = await sql<{ count: number; bytes: number }>`
    with gone as (
      delete from shards where ctid = any(array(
        select ctid from shards where scan_id = ${scanId} order by number limit ${ROWS_AT_ONCE}))
      returning coalesce(octet_length(sight), 0) + coalesce(octet_length(output), 0)
        + pg_column_size(addresses) + pg_column_size(uncovered) + pg_column_size(names) + 300 as bytes
    )
    select count(*)::int as count, coalesce(sum(bytes), 0)::float as bytes from gone`.execute(tx);
  const { count, bytes } = rows[0] ?? { count: 0, bytes: 0 };
  const isLast = count < ROWS_AT_ONCE;
  await sql`update scans set details_expired_at = coalesce(details_expired_at, now()), has_details = ${!isLast}
    where id = ${scanId}`.execute(tx);
  return { shards: count, bytes, ...(isLast && { scans: 1 }) };
}

/**
 * Bases that a newer one follows which is older than every scan of the group that has details: no
 * sight that is left can be kept by them, as a shard is always kept by the newest of its time.
 */
export async function expireBases(tx: SiteTransaction, groupId: string): Promise<Expired> {
  return takeRows(tx, 'bases', {
    bytes: sql`octet_length(sight)`,
    table: sql`sight_bases`,
    rows: sql`select b.ctid from sight_bases as b where b.group_id = ${groupId} and exists (
      select from sight_bases as newer where newer.site_id = b.site_id and newer.group_id = b.group_id
        and newer.shard_number = b.shard_number and newer.id > b.id
        and newer.created_at < (select min(created_at) from scans where group_id = ${groupId} and has_details))`,
  });
}

export async function expireRefutations(tx: SiteTransaction, before: string): Promise<Expired> {
  return takeRows(tx, 'refutations', {
    table: sql`refutations`,
    rows: sql`select ctid from refutations where at < ${before}::timestamptz order by at`,
  });
}

/** Mails that were sent or given up. */
export async function expireNotifications(tx: SiteTransaction, before: string): Promise<Expired> {
  return takeRows(tx, 'notifications', {
    table: sql`notifications`,
    rows: sql`select ctid from notifications
      where status <> 'queued' and created_at < ${before}::timestamptz order by created_at`,
  });
}

/**
 * Until when the history of a group expires: the cutoff, but never what its last whole scans told, as
 * many as a rating looks back. Null: nothing does.
 */
export async function selectHistoryLimit(
  tx: SiteTransaction,
  { groupId, before, window }: { groupId: string; before: string; window: number },
): Promise<Date | null> {
  const oldest = await tx
    .selectFrom('scans')
    .select('created_at')
    .where('group_id', '=', groupId)
    .where('status', 'in', ['finished', 'partial'])
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .offset(Math.max(window, 1) - 1)
    .limit(1)
    .executeTakeFirst();
  if (!oldest) return null;
  return new Date(Math.min(oldest.created_at.getTime(), Date.parse(before)));
}

/** Says since when the group's past is whole, before the first of it goes. */
export async function updateHistoryFrom(
  tx: SiteTransaction,
  groupId: string,
  from: Date,
): Promise<void> {
  await sql`update groups set history_from = ${from} where id = ${groupId}
    and coalesce(history_from, '-infinity') < ${from}
    and (exists (select from scans where group_id = ${groupId} and has_history and created_at < ${from})
      or exists (select from host_intervals where group_id = ${groupId} and valid_to < ${from})
      or exists (select from service_intervals where group_id = ${groupId} and valid_to < ${from})
      or exists (select from deltas where group_id = ${groupId} and scan_id is null and at < ${from}))`.execute(
    tx,
  );
}

/** States of hosts and services that ended before. */
export async function expireIntervals(
  tx: SiteTransaction,
  groupId: string,
  before: Date,
): Promise<Expired> {
  const take = (table: RawBuilder<unknown>) =>
    takeRows(tx, 'intervals', {
      table,
      rows: sql`select ctid from ${table} where group_id = ${groupId} and valid_to < ${before} order by valid_to`,
    });
  const services = await take(sql`service_intervals`);
  return services.intervals ? services : take(sql`host_intervals`);
}

/** Deltas of one scan that began before; then those of edits. */
export async function expireDeltas(
  tx: SiteTransaction,
  groupId: string,
  before: Date,
): Promise<Expired> {
  const { rows } = await sql<{ id: string }>`
    select id from scans where group_id = ${groupId} and has_history and created_at < ${before} and status in ${ENDED}
    order by created_at limit 1`.execute(tx);
  const scanId = rows[0]?.id;
  if (scanId) await lockScan(tx, scanId);
  const gone = await takeRows(tx, 'deltas', {
    table: sql`deltas`,
    rows: scanId
      ? sql`select ctid from deltas where scan_id = ${scanId} order by id`
      : sql`select ctid from deltas where scan_id is null and group_id = ${groupId} and at < ${before}`,
  });
  const isLast = (gone.deltas ?? 0) < ROWS_AT_ONCE;
  if (scanId)
    await sql`update scans set history_expired_at = coalesce(history_expired_at, now()), has_history = ${!isLast}
      where id = ${scanId}`.execute(tx);
  // A scan without deltas is something done: there may be more behind it.
  return scanId ? { ...gone, deltas: gone.deltas ?? 0 } : gone;
}

interface Taken {
  readonly table: RawBuilder<unknown>;
  /** Selects the ctid of all that expired. */
  readonly rows: RawBuilder<unknown>;
  /** Of one row, where its large columns are kept apart. */
  readonly bytes?: RawBuilder<unknown>;
}

async function takeRows(
  tx: SiteTransaction,
  kind: 'bases' | 'refutations' | 'notifications' | 'intervals' | 'deltas',
  { table, rows: expired, bytes }: Taken,
): Promise<Expired> {
  const { rows } = await sql<{ count: number; bytes: number }>`
    with gone as (
      delete from ${table} as t where ctid = any(array(${expired} limit ${ROWS_AT_ONCE}))
      returning ${bytes ?? sql`pg_column_size(t.*)`} as bytes
    )
    select count(*)::int as count, coalesce(sum(bytes), 0)::float as bytes from gone`.execute(tx);
  const { count, bytes: freed } = rows[0] ?? { count: 0, bytes: 0 };
  return count > 0 ? { [kind]: count, bytes: freed } : {};
}
