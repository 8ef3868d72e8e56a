import type { DeltaQuery } from '@netdelta/core/api/scans.ts';
import type { Delta } from '@netdelta/core/delta/delta.ts';
import { sql } from 'kysely';
import type { SiteTransaction } from '../db/database.ts';
import type { Place } from './belief-queries.ts';

/** Stores the deltas of a shard, and answers how many are new: a scan is blind only once. */
export async function insertDeltas(
  tx: SiteTransaction,
  { siteId, groupId, scanId, at }: Place,
  deltas: readonly Delta[],
): Promise<number> {
  if (deltas.length === 0) return 0;
  const rows = deltas.map(({ kind, subject, before, after, evidence }) => ({
    kind,
    address: 'address' in subject ? subject.address : null,
    target: 'target' in subject ? subject.target : null,
    protocol: 'protocol' in subject ? subject.protocol : null,
    port: 'port' in subject ? subject.port : null,
    before,
    after,
    evidence,
  }));
  const { numAffectedRows = 0n } = await sql`
    insert into deltas (site_id, group_id, scan_id, at, kind, address, target, protocol, port, before, after, evidence)
    select ${siteId}::uuid, ${groupId}::uuid, ${scanId}::uuid, ${at}::timestamptz, kind, address, target,
      protocol, port, before, after, evidence
    from rows from (json_to_recordset(${JSON.stringify(rows)}::json) as (kind text, address inet, target text,
        protocol text, port int, before jsonb, after jsonb, evidence jsonb))
      with ordinality as d (kind, address, target, protocol, port, before, after, evidence, place)
    order by place
    on conflict (site_id, scan_id, kind, target) where scan_id is not null and target is not null
      do nothing`.execute(tx);
  return Number(numAffectedRows);
}

/**
 * Deltas with their group's name, the newest first; those of one scan in its order, by address, and
 * with the targets that were edited between it and the scan before. `beyond` is the id of the last
 * delta of the page before.
 */
export function selectDeltas(
  tx: SiteTransaction,
  query: Omit<DeltaQuery, 'after'> & { id?: string; beyond?: string },
) {
  const [order, beyond] =
    query.scanId === undefined ? (['desc', '<'] as const) : (['asc', '>'] as const);
  return tx
    .selectFrom('deltas as d')
    .innerJoin('groups as g', (join) =>
      join.onRef('g.site_id', '=', 'd.site_id').onRef('g.id', '=', 'd.group_id'),
    )
    .selectAll('d')
    .select('g.name as group_name')
    .$if(query.id !== undefined, (q) => q.where('d.id', '=', query.id as string))
    .$if(query.groupId !== undefined, (q) => q.where('d.group_id', '=', query.groupId as string))
    .$if(query.scanId !== undefined, (q) => q.where(ofScan(query.scanId as string)))
    .$if(query.address !== undefined, (q) => q.where(concerns(query.address as string)))
    .$if(query.kind !== undefined, (q) => q.where('d.kind', '=', query.kind as 'host.new'))
    .$if(query.rating !== undefined, (q) => q.where('d.rating', '=', query.rating as 'red'))
    .$if(query.beyond !== undefined, (q) => q.where('d.id', beyond, query.beyond as string))
    .orderBy('d.id', order)
    .limit(query.limit)
    .execute();
}
export type DeltaRow = Awaited<ReturnType<typeof selectDeltas>>[number];

/** Deltas of a host: its own, and those of subnets with which it changed. */
function concerns(address: string) {
  return sql<boolean>`(d.address = ${address}::inet
    or (d.kind in ('subnet.down', 'subnet.returned') and d.before->'addresses' ? ${address}))`;
}

function ofScan(scanId: string) {
  return sql<boolean>`(d.scan_id = ${scanId} or (d.scan_id is null and exists (
    select from scans as s left join scans as p on p.site_id = s.site_id and p.id = s.previous_scan_id
    where s.id = ${scanId} and s.group_id = d.group_id
      and d.at > coalesce(p.started_at, 'infinity') and d.at <= s.started_at)))`;
}
