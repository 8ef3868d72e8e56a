import type { StorageSizes, Stored, StoredSize } from '@netdelta/core/retention/storage.ts';
import { sql } from 'kysely';
import type { Database } from '../db/database.ts';

/** Which part of a site's data each table holds; those of states are split by how many have ended. */
export const PARTS: Readonly<Record<string, Stored | 'states'>> = {
  shards: 'details',
  sight_bases: 'details',
  refutations: 'details',
  notifications: 'mails',
  hosts: 'belief',
  service_texts: 'belief',
  search_blocks: 'belief',
  group_tallies: 'belief',
  host_intervals: 'states',
  service_intervals: 'states',
  deltas: 'deltas',
  scans: 'scans',
};

interface TableRow {
  readonly table: string;
  readonly bytes: number;
  readonly rows: number;
  /** The site's part of the rows, 0–1. */
  readonly share: number;
  /** The part of rows that have not ended, 0–1. */
  readonly open: number;
}

/**
 * What a site's data takes, from what Postgres knows already: the size of each table with its indexes,
 * times the site's share of the rows in its statistics. Nothing is counted, so it costs the same for
 * a thousand rows and for a thousand million; it is as exact as the last ANALYZE.
 */
export async function measureStorage({ system }: Database, siteId: string): Promise<StorageSizes> {
  await analyzeChanged(system);
  const { rows } = await sql<TableRow>`
    select c.relname as table, pg_total_relation_size(c.oid)::float as bytes, greatest(c.reltuples, 0)::float as rows,
      coalesce(mine.frequency, case when site.n_distinct is null then 0 else
        greatest(0, 1 - coalesce(known.frequency, 0)) / greatest(1, case when site.n_distinct < 0
          then -site.n_distinct * c.reltuples else site.n_distinct end - coalesce(known.sites, 0)) end, 0)::float as share,
      coalesce(ended.null_frac, 1)::float as open
    from pg_class as c
    left join pg_stats as site on site.schemaname = c.relnamespace::regnamespace::text
      and site.tablename = c.relname and site.attname = 'site_id'
    left join pg_stats as ended on ended.schemaname = site.schemaname
      and ended.tablename = c.relname and ended.attname = 'valid_to'
    left join lateral (
      select f as frequency from unnest(site.most_common_vals::text::uuid[], site.most_common_freqs) as m (v, f)
      where v = ${siteId}::uuid
    ) as mine on true
    left join lateral (
      select sum(f) as frequency, count(*) as sites from unnest(site.most_common_freqs) as f
    ) as known on true
    where c.oid = any(${Object.keys(PARTS)}::text[]::regclass[])`.execute(system);
  return sumParts(rows);
}

/**
 * Where Postgres has never looked, or a tenth has changed since (a sample is read), it looks again, as
 * autovacuum soon would.
 */
async function analyzeChanged(system: Database['system']): Promise<void> {
  const { rows } = await sql<{ table: string }>`
    select relname as table from pg_stat_user_tables
    where relid = any(${Object.keys(PARTS)}::text[]::regclass[])
      and (coalesce(last_analyze, last_autoanalyze) is null
        or (n_mod_since_analyze > 0 and n_mod_since_analyze >= n_live_tup * 0.1))`.execute(system);
  for (const { table } of rows) await sql`analyze ${sql.table(table)}`.execute(system);
}

function sumParts(rows: readonly TableRow[]): StorageSizes {
  const nothing = { rows: 0, bytes: 0 };
  const sizes: Record<Stored, StoredSize> = {
    ...{ details: nothing, mails: nothing, belief: nothing },
    ...{ history: nothing, deltas: nothing, scans: nothing },
  };
  const add = (part: Stored, row: TableRow, share: number) => {
    const { rows: count, bytes } = sizes[part];
    sizes[part] = {
      rows: Math.round(count + row.rows * share),
      bytes: Math.round(bytes + row.bytes * share),
    };
  };
  for (const row of rows) {
    const part = PARTS[row.table];
    if (part === 'states') {
      add('belief', row, row.share * row.open);
      add('history', row, row.share * (1 - row.open));
    } else if (part) add(part, row, row.share);
  }
  return sizes;
}
