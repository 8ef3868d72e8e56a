import type { Rated } from '@netdelta/core/evidence/rating.ts';
import { sql } from 'kysely';
import type { SiteTransaction } from '../db/database.ts';
import type { ScanRow } from '../scans/scan-queries.ts';

const ROWS_AT_ONCE = 1_000;

/** The deltas of a scan that have a host. */
export function selectDeltasToRate(tx: SiteTransaction, scanId: string) {
  return tx
    .selectFrom('deltas')
    .select(['id', 'kind', 'address', 'target', 'protocol', 'port', 'before', 'after', 'evidence'])
    .where('scan_id', '=', scanId)
    .where('address', 'is not', null)
    .execute();
}

interface PastOfDelta {
  readonly id: string;
  /** How many earlier scans were looked at. */
  readonly scans: number;
  /** How many scans ago the same delta was last told; null: in none of them. */
  readonly last: number | null;
  readonly times: number;
  /** How many hosts of this scan have the same delta. */
  readonly targets: number;
}

/**
 * What makes two deltas of one host the same: endpoint, kind and direction. A changed service is the
 * same delta only when it became the same.
 */
const change = sql.raw(`concat_ws(' ', d.kind, d.protocol, d.port,
  case d.kind when 'service.changed' then concat_ws(' ', d.after->'service'->>'tunnel',
    d.after->'service'->>'name', d.after->'service'->>'product', d.after->'service'->>'version') end)`);

/** Whose delta it is: its address's, but a host that moved is the same wherever it moved to. */
const host = sql.raw(
  `case d.kind when 'host.moved' then d.after->>'identity' else d.address::text end`,
);

/**
 * What the group's last `window` scans before this one told of the same deltas. A scan that saved
 * nothing is no scan here. However long the history is, only the deltas of those scans are read, each
 * scan by index (`offset 0` keeps the planner to it), and they are counted in groups: a join of
 * deltas with deltas becomes a nested loop of minutes where the tables have no statistics yet.
 */
export async function selectPasts(
  tx: SiteTransaction,
  scan: Pick<ScanRow, 'id' | 'site_id' | 'group_id' | 'created_at'>,
  window: number,
): Promise<PastOfDelta[]> {
  const { rows } = await sql<PastOfDelta>`
    with recent as materialized (
      select id, (row_number() over (order by created_at desc, id desc))::int as ago
      from scans
      where site_id = ${scan.site_id} and group_id = ${scan.group_id}
        and (created_at, id) < (${scan.created_at}, ${scan.id}::uuid)
        and (status in ('finished', 'partial') or (status = 'cancelled' and delta_count > 0))
      order by created_at desc, id desc limit ${window}
    )
    select max(told.id) filter (where ago = 0) as id, min(ago) filter (where ago > 0) as last,
      (count(*) filter (where ago > 0))::int as times,
      (count(*) over (partition by told.change))::int as targets,
      (select count(*)::int from recent) as scans
    from (select id, ago from recent union all select ${scan.id}::uuid, 0) as looked
    cross join lateral (
      select d.id, ${host} as host, ${change} as change from deltas as d
      where d.site_id = ${scan.site_id} and d.scan_id = looked.id and d.address is not null offset 0
    ) as told
    group by told.host, told.change
    having bool_or(ago = 0)`.execute(tx);
  return rows;
}

/** Saves ratings by the ids of their deltas. */
export async function updateRatings(
  tx: SiteTransaction,
  siteId: string,
  ratings: readonly (readonly [id: string, rated: Rated])[],
): Promise<void> {
  for (let start = 0; start < ratings.length; start += ROWS_AT_ONCE) {
    const rows = ratings.slice(start, start + ROWS_AT_ONCE);
    const rated = sql`${JSON.stringify(Object.fromEntries(rows))}::jsonb -> id::text`;
    await sql`update deltas set rated = ${rated}, rating = ${rated} ->> 'rating'
      where site_id = ${siteId} and id = any(${rows.map(([id]) => id)}::bigint[])`.execute(tx);
  }
}
