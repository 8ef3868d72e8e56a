import type { Pool } from 'pg';

/** The tables that hold the facts of a site, each before those that name it. */
export const FACT_TABLES = [
  ...['profiles', 'groups', 'scans', 'coverages', 'shards', 'hosts'],
  ...['host_intervals', 'service_intervals', 'deltas'],
] as const;

/**
 * Makes a site with one group of so many hosts that are up, each with so many open services, and
 * the deltas of 1 % of them. All at once and by SQL alone: nothing was ever scanned.
 */
export async function insertKnownSite(
  pool: Pool,
  { slug, hosts, services }: { slug: string; hosts: number; services: number },
): Promise<string> {
  const { rows } = await pool.query(
    `with s as (insert into sites (slug, name, target_limit) values ($1, $1, 1000000) returning id),
      u as (insert into users (id, name, email) values ($1, 'Bench', $1 || '@example.org')),
      m as (insert into members (site_id, user_id, role) select id, $1, 'owner' from s)
     select id from s`,
    [slug],
  );
  const siteId: string = rows[0].id;
  await insertGroup(pool, siteId, hosts);
  await pool.query(
    `insert into hosts (site_id, group_id, address, status, reason, seen_by, names, known_coverage_id, contacts,
        status_since, first_seen_at, last_scan_id)
     select g.site_id, g.id, '10.0.0.0'::inet + n, 3, 'syn-ack', 'connect', array['host-' || n || '.example.net'],
        c.id, array['tcp/22','icmp'], '2025-01-01T02:00:00Z', '2025-01-01T02:00:00Z', s.id
     from groups as g join coverages as c using (site_id) join scans as s using (site_id), generate_series(0, $2::int - 1) as n
     where g.site_id = $1`,
    [siteId, hosts],
  );
  await pool.query(
    `insert into host_intervals (site_id, group_id, address, valid_from, status, scan_id)
     select site_id, group_id, address, status_since, status, last_scan_id from hosts where site_id = $1`,
    [siteId],
  );
  await pool.query(
    `insert into service_intervals (site_id, group_id, address, protocol, port, valid_from, scan_id, reason, service)
     select site_id, group_id, address, 'tcp', 21 + p, status_since, last_scan_id, 'syn-ack',
       jsonb_build_object('method', 'probed', 'name', 'http', 'product', 'nginx', 'version', '1.22.' || p,
         'extraInfo', 'build ' || (address - '10.0.0.0'::inet) % 10, 'cpe', jsonb_build_array('cpe:/a:nginx:nginx'))
     from hosts, generate_series(1, $2::int) as p where site_id = $1 order by address, p`,
    [siteId, services],
  );
  await insertDeltas(pool, siteId);
  await pool.query('analyze');
  return siteId;
}

async function insertGroup(pool: Pool, siteId: string, hosts: number): Promise<void> {
  await pool.query(
    `with p as (insert into profiles (site_id, name, options) values ($1, 'Bench', '{"tcp": {"kind": "all"}}') returning id)
     insert into groups (site_id, name, targets_text, targets, exclusions, address_count, down_after, profile_id)
     select $1, 'All', '10.0.0.0/13', '[]', '[]', $2, 3, id from p`,
    [siteId, hosts],
  );
  await pool.query(`insert into coverages (site_id, tcp, udp) values ($1, '1-1000', '')`, [siteId]);
  await pool.query(
    `insert into scans (site_id, group_id, status, trigger, profile_name, options, down_after, started_at, finished_at, shard_count)
     select site_id, id, 'finished', 'person', 'Bench', '{}', 3, now(), now(), 1 from groups where site_id = $1`,
    [siteId],
  );
  await pool.query(
    `insert into shards (site_id, scan_id, number, addresses, address_count, status, covered_count)
     select site_id, id, s, address_set(address_range('10.0.0.0'::inet + s * 256, '10.0.0.0'::inet + (s + 1) * 256)), 256, 'finished', 256
     from scans, generate_series(0, ($2::int - 1) / 256) as s where site_id = $1`,
    [siteId, hosts],
  );
}

async function insertDeltas(pool: Pool, siteId: string): Promise<void> {
  await pool.query(
    `insert into deltas (site_id, group_id, scan_id, at, kind, address, protocol, port, before, after, evidence, rating)
     select site_id, group_id, last_scan_id, now(), 'service.opened', address, 'tcp', 8080, null,
       '{"state": "open", "reason": "syn-ack"}', '{"reason": "syn-ack"}', 'red'
     from hosts where site_id = $1 and (address - '10.0.0.0'::inet) % 100 = 0`,
    [siteId],
  );
}

/** The columns of a table that can be copied in, the site's first. */
export async function selectColumns(pool: Pool, table: string): Promise<string[]> {
  const { rows } = await pool.query(
    `select column_name as name from information_schema.columns where table_schema = 'public' and table_name = $1
       and is_generated = 'NEVER' and column_name <> 'site_id' and not (column_name = 'id' and table_name = 'deltas')
     order by ordinal_position`,
    [table],
  );
  return rows.map(({ name }) => name);
}

/** A site without anything, for a raw copy. */
export async function insertBareSite(pool: Pool, slug: string): Promise<string> {
  const { rows } = await pool.query('insert into sites (slug, name) values ($1, $1) returning id', [
    slug,
  ]);
  return rows[0].id;
}

export const copyOut = (table: string, siteId: string) =>
  `copy (select * from ${table} where site_id = '${siteId}') to stdout`;
/** The facts of a site as those of another. */
export const copyAs = (table: string, columns: readonly string[], sites: readonly string[]) =>
  `copy (select '${sites[1]}'::uuid, ${columns.join(', ')} from ${table} where site_id = '${sites[0]}') to stdout`;
/** Ids that the database gives are taken as they are: coverages, which hosts name. */
export const copyIn = (table: string, columns: readonly string[]) =>
  `copy ${table} (site_id, ${columns.join(', ')}) from stdin`;
