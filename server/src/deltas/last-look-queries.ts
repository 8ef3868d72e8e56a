import { sql } from 'kysely';
import type { SiteTransaction } from '../db/database.ts';

interface HostPlace {
  readonly groupId: string;
  readonly address: string;
}

/**
 * When the host was last covered, and when it was last seen up. What a scan covered stays when its
 * details have expired; while there are shards they say it to the minute, else it is the scan's end.
 */
export async function selectLastLooks(
  tx: SiteTransaction,
  groupId: string,
  address: string,
): Promise<{ covered: Date | null; seen: Date | null }> {
  const place = { groupId, address };
  const covered = await selectLastLook(tx, place, null);
  const up = await selectLastUp(tx, place);
  if (!up) return { covered, seen: null };
  return { covered, seen: up.until ? await selectLastLook(tx, place, up.until) : covered };
}

/** When the host was up for the last time by its statuses; `until` null: it is. */
async function selectLastUp(tx: SiteTransaction, { groupId, address }: HostPlace) {
  return tx
    .selectFrom('host_intervals')
    .select('valid_to as until')
    .where('group_id', '=', groupId)
    .where('address', '=', address)
    .where('status', 'in', [2, 3, 4, 8])
    .orderBy('valid_from', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** From the newest scan backwards until one covered the address; `before`: ended by then. */
async function selectLastLook(
  tx: SiteTransaction,
  { groupId, address }: HostPlace,
  before: Date | null,
): Promise<Date | null> {
  const shard = sql`select sh.finished_at from shards as sh
    where sh.site_id = s.site_id and sh.scan_id = s.id and sh.addresses @> ${address}::inet and sh.covered_count > 0
      and not sh.uncovered @> jsonb_build_array(jsonb_build_object('address', ${address}::text))`;
  const { rows } = await sql<{ at: Date | null }>`
    select coalesce((${shard} limit 1), s.finished_at) as at
    from scans as s
    where s.group_id = ${groupId} and (s.covered @> ${address}::inet or (s.covered is null and exists (${shard})))
      and (${before}::timestamptz is null or s.finished_at <= ${before}::timestamptz)
    order by s.created_at desc limit 1`.execute(tx);
  return rows[0]?.at ?? null;
}
