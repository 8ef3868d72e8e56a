import type { Cutoffs } from '@netdelta/core/retention/cutoffs.ts';
import type { Expired } from '@netdelta/core/retention/storage.ts';
import { type RawBuilder, sql } from 'kysely';
import type { SiteTransaction } from '../db/database.ts';

/** Rows are counted no further than this: a person wants to know whether it is few or many. */
export const MOST_COUNTED = 100_000;

const WHOLE = sql`('finished', 'partial')`;

/** What these cutoffs would take now; `window`: as in selectHistoryLimit. Nothing is changed. */
export async function selectPreview(
  tx: SiteTransaction,
  { details, history }: Cutoffs,
  window: number,
): Promise<Expired> {
  const { rows } = await sql<{ scans: number; shards: number }>`
    select count(*)::int as scans, coalesce(sum(shard_count), 0)::int as shards from scans as s
    where has_details and created_at < ${details}::timestamptz and finished_at < ${details}::timestamptz
      and (status not in ${WHOLE} or exists (select from scans as newer where newer.site_id = s.site_id
        and newer.group_id = s.group_id and newer.status in ${WHOLE}
        and (newer.created_at, newer.id) > (s.created_at, s.id)))`.execute(tx);
  return {
    ...(rows[0] ?? {}),
    refutations: await countUpTo(
      tx,
      sql`select from refutations where at < ${details}::timestamptz`,
    ),
    notifications: await countUpTo(
      tx,
      sql`select from notifications where status <> 'queued' and created_at < ${details}::timestamptz`,
    ),
    ...(history !== null && (await selectHistoryPreview(tx, history, window))),
  };
}

async function countUpTo(tx: SiteTransaction, all: RawBuilder<unknown>): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from (${all} limit ${MOST_COUNTED}) as found`.execute(tx);
  return rows[0]?.count ?? 0;
}

async function selectHistoryPreview(
  tx: SiteTransaction,
  before: string,
  window: number,
): Promise<Pick<Expired, 'intervals' | 'deltas'>> {
  const limits = sql`
    select g.site_id, g.id as group_id, least(oldest.created_at, ${before}::timestamptz) as at
    from groups as g cross join lateral (
      select created_at from scans as s where s.site_id = g.site_id and s.group_id = g.id and s.status in ${WHOLE}
      order by created_at desc, id desc offset ${Math.max(window, 1) - 1} limit 1
    ) as oldest`;
  const ended = (table: RawBuilder<unknown>) => sql`
    select from limits as l join ${table} as i on i.site_id = l.site_id and i.group_id = l.group_id and i.valid_to < l.at
    limit ${MOST_COUNTED}`;
  const { rows } = await sql<{ intervals: number; deltas: number }>`
    with limits as materialized (${limits})
    select (select count(*) from (${ended(sql`service_intervals`)}) as found)::int
        + (select count(*) from (${ended(sql`host_intervals`)}) as found)::int as intervals,
      (select coalesce(sum(s.delta_count), 0) from limits as l join scans as s on s.site_id = l.site_id
        and s.group_id = l.group_id and s.has_history and s.created_at < l.at)::int as deltas`.execute(
    tx,
  );
  return rows[0] ?? {};
}
