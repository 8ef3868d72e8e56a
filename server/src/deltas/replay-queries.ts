import { sql } from 'kysely';
import type { SiteTransaction } from '../db/database.ts';
import { selectBasedShards } from '../scans/shard-queries.ts';
import { readOwnRules } from './belief-queries.ts';

/** From here on the transaction can change nothing: Postgres refuses it. */
export async function forbidChanges(tx: SiteTransaction): Promise<void> {
  await sql`set transaction read only`.execute(tx);
}

/** The rules that the group has now. Undefined: there is no such group. */
export function selectGroupRules(tx: SiteTransaction, groupId: string) {
  return tx
    .selectFrom('groups')
    .select(['down_after', 'service_down_after'])
    .where('id', '=', groupId)
    .executeTakeFirst();
}

/** The rules that hosts of the group have of their own now, by address. */
export async function selectOwnRules(tx: SiteTransaction, groupId: string) {
  const rows = await tx
    .selectFrom('hosts')
    .select(['address', 'down_after', 'service_down_after'])
    .where('group_id', '=', groupId)
    .where((or) =>
      or.or([or('down_after', 'is not', null), or('service_down_after', 'is not', null)]),
    )
    .execute();
  return new Map(rows.map((row) => [row.address, readOwnRules(row) ?? {}]));
}

/** The last ended scans of a group in time order, each with whether anything is stored to be judged again. */
export async function selectPastScans(tx: SiteTransaction, groupId: string, limit: number) {
  const rows = await tx
    .selectFrom('scans as s')
    .leftJoin('scans as p', (join) =>
      join.onRef('p.site_id', '=', 's.site_id').onRef('p.id', '=', 's.previous_scan_id'),
    )
    .select([
      ...(['s.id', 's.number', 's.first', 's.status', 's.delta_count'] as const),
      ...(['s.down_after', 's.service_down_after', 's.created_at', 's.finished_at'] as const),
      sql<boolean>`coalesce(p.blind, false)`.as('after_blind'),
      sql<boolean>`s.details_expired_at is not null`.as('expired'),
      // Retention takes shards one by one: of a scan whose details have expired, some may be left.
      sql<boolean>`s.details_expired_at is null and exists (select from shards as sh
        where sh.site_id = s.site_id and sh.scan_id = s.id and sh.sight is not null)`.as('stored'),
    ])
    .where('s.group_id', '=', groupId)
    .where('s.status', 'in', ['finished', 'partial', 'failed', 'cancelled'])
    .where('s.number', '>', 0)
    .orderBy('s.created_at', 'desc')
    .orderBy('s.id', 'desc')
    .limit(limit)
    .execute();
  return rows.reverse();
}
export type PastScanRow = Awaited<ReturnType<typeof selectPastScans>>[number];

const SHARDS_AT_ONCE = 4;

/** What the shards of a scan saw, a few at a time: each may be a megabyte. */
export async function* streamSights(tx: SiteTransaction, scanId: string) {
  for (let last = -1; ; ) {
    const rows = await selectBasedShards(tx, scanId)
      .select(['sh.number', 'sh.sight', 'sh.finished_at', 'b.sight as base'])
      .where('sh.sight', 'is not', null)
      .where('sh.number', '>', last)
      .orderBy('sh.number')
      .limit(SHARDS_AT_ONCE)
      .execute();
    for (const { sight, base, finished_at } of rows)
      if (sight) yield { sight, base, at: finished_at };
    if (rows.length < SHARDS_AT_ONCE) return;
    last = rows.at(-1)?.number ?? last;
  }
}

/** What a scan told, in its order. */
export function selectTold(tx: SiteTransaction, scanId: string) {
  return tx
    .selectFrom('deltas')
    .select([
      ...(['kind', 'address', 'target', 'protocol', 'port'] as const),
      ...(['before', 'after', 'evidence', 'rating'] as const),
    ])
    .where('scan_id', '=', scanId)
    .orderBy('id')
    .execute();
}
