import type { HostBelief } from '@netdelta/core/host/belief.ts';
import type { Protocol } from '@netdelta/core/snapshot/snapshot.ts';
import { type Selectable, sql } from 'kysely';
import type { DisplacedHostsTable, HostsTable } from '../db/belief-tables.ts';
import type { SiteTransaction } from '../db/database.ts';
import type { Place } from './belief-queries.ts';

const ROWS_AT_ONCE = 1_000;
/** A host that nobody has seen for so long is forgotten: with random MAC addresses they become many. */
const REMEMBERED = '90 days';

export type DisplacedRow = Selectable<DisplacedHostsTable>;

/** What a host takes with it to another address, besides what is believed of it. */
export type Keepsake = Pick<
  Selectable<HostsTable>,
  'down_after' | 'service_down_after' | 'first_seen_at' | 'status_since'
>;

/** The hosts of a group whose address belongs to another one; those of long ago are forgotten here. */
export async function selectDisplaced(
  tx: SiteTransaction,
  { groupId, at }: Place,
): Promise<DisplacedRow[]> {
  await tx
    .deleteFrom('displaced_hosts')
    .where('group_id', '=', groupId)
    .where(sql<boolean>`displaced_at < ${at}::timestamptz - ${REMEMBERED}::interval`)
    .execute();
  return tx
    .selectFrom('displaced_hosts')
    .selectAll()
    .where('group_id', '=', groupId)
    .orderBy('id')
    .execute();
}

export async function insertDisplaced(
  tx: SiteTransaction,
  { siteId, groupId, at }: Place,
  hosts: readonly { readonly belief: HostBelief; readonly keepsake: Keepsake | undefined }[],
): Promise<void> {
  const rows = hosts.map(({ belief, keepsake }) => ({
    site_id: siteId,
    group_id: groupId,
    belief: JSON.stringify(belief),
    down_after: keepsake?.down_after ?? null,
    service_down_after: keepsake?.service_down_after ?? null,
    first_seen_at: keepsake?.first_seen_at ?? null,
    displaced_at: at,
  }));
  for (let start = 0; start < rows.length; start += ROWS_AT_ONCE)
    await tx
      .insertInto('displaced_hosts')
      .values(rows.slice(start, start + ROWS_AT_ONCE))
      .execute();
}

export async function updateDisplaced(
  tx: SiteTransaction,
  id: string,
  belief: HostBelief,
): Promise<void> {
  await tx
    .updateTable('displaced_hosts')
    .set({ belief: JSON.stringify(belief) })
    .where('id', '=', id)
    .execute();
}

export async function deleteDisplaced(tx: SiteTransaction, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await tx.deleteFrom('displaced_hosts').where(sql<boolean>`id = any(${ids}::bigint[])`).execute();
}

export interface TenantRow extends Record<keyof Keepsake, unknown> {
  readonly address: string;
  readonly down_after: number | null;
  readonly service_down_after: number | null;
  readonly first_seen_at: Date | string | null;
  readonly status_since: Date | string;
}

/** Gives addresses that have another host than before what belongs to that host. */
export async function updateTenants(
  tx: SiteTransaction,
  { siteId, groupId }: Place,
  rows: readonly TenantRow[],
): Promise<void> {
  if (rows.length === 0) return;
  await sql`update hosts as h set first_seen_at = t.first_seen_at, status_since = t.status_since,
      down_after = t.down_after, service_down_after = t.service_down_after
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as t (address inet, first_seen_at timestamptz,
      status_since timestamptz, down_after smallint, service_down_after smallint)
    where h.site_id = ${siteId} and h.group_id = ${groupId} and h.address = t.address`.execute(tx);
}

export interface MovedService {
  readonly from: string;
  readonly to: string;
  readonly protocol: Protocol;
  readonly port: number;
}

/** Gives services of hosts that moved in this scan the time since when they are open. */
export async function updateServicesSince(
  tx: SiteTransaction,
  { siteId, groupId, at }: Place,
  services: readonly MovedService[],
): Promise<void> {
  if (services.length === 0) return;
  await sql`update service_intervals as s set since = coalesce(o.since, o.valid_from)
    from jsonb_to_recordset(${JSON.stringify(services)}::jsonb) as t ("from" inet, "to" inet, protocol text, port int)
    join service_intervals as o on o.site_id = ${siteId} and o.group_id = ${groupId} and o.address = t."from"
      and o.protocol = t.protocol and o.port = t.port and o.valid_to = ${at}
    where s.site_id = ${siteId} and s.group_id = ${groupId} and s.address = t."to"
      and s.protocol = t.protocol and s.port = t.port and s.valid_to is null`.execute(tx);
}
