import { type HostStatusCode, hostStatusCode } from '@netdelta/core/host/status.ts';
import { sql } from 'kysely';
import type { Database, SiteTransaction } from '../../db/database.ts';
import { buildGroup } from '../../db/testing/build-site.ts';
import { toldStatus } from '../../db/told-status-queries.ts';

/** A host of a test network, with its open services. */
export interface NetworkHost {
  readonly groupId: string;
  readonly address: string;
  readonly status: HostStatusCode;
  readonly names: readonly string[];
  readonly mac: string | null;
  readonly macVendor: string | null;
  readonly os: string | null;
  readonly services: readonly NetworkService[];
}

export interface NetworkService {
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  readonly name: string;
  readonly product?: string;
  readonly version?: string;
}

const AT = '2026-11-01T00:00:00Z';
const NEW = hostStatusCode('NEW');
const UP = hostStatusCode('UP');

/**
 * Stores hosts and services as two scans would have left them: NEW ones are of the second. Of those that
 * are UP, every other one has not been written since the first, by which it was NEW.
 */
export async function insertNetwork(
  { pool }: Database,
  siteId: string,
  hosts: readonly NetworkHost[],
): Promise<void> {
  const scans = new Map<string, readonly [first: string, second: string]>();
  for (const groupId of new Set(hosts.map((host) => host.groupId)))
    scans.set(groupId, await insertTwoScans(pool, siteId, groupId));
  const stored = hosts.map((host, at) => {
    const [first, second] = scans.get(host.groupId) ?? [];
    return host.status === UP && at % 2 === 0
      ? { ...host, status: NEW, scanId: first }
      : { ...host, scanId: second };
  });
  await pool.query(
    `insert into hosts (site_id, group_id, address, status, reason, names, mac, mac_vendor, os, status_since, first_seen_at, last_scan_id)
     select $1, h."groupId", h.address, h.status, 'syn-ack', array(select jsonb_array_elements_text(h.names)), h.mac, h."macVendor", h.os, $3, $3, h."scanId"
     from jsonb_to_recordset($2::jsonb) as h ("groupId" uuid, address inet, status smallint, names jsonb, mac text, "macVendor" text, os text, "scanId" uuid)`,
    [siteId, JSON.stringify(stored), AT],
  );
  const services = hosts.flatMap(({ groupId, address, services: all }) =>
    all.map(({ protocol, port, ...service }) => {
      const facts = { method: 'probed', ...service };
      return { groupId, address, protocol, port, service: facts };
    }),
  );
  await pool.query(
    `insert into service_intervals (site_id, group_id, address, protocol, port, valid_from, scan_id, reason, service)
     select $1, s."groupId", s.address, s.protocol, s.port, $3, gen_random_uuid(), 'syn-ack', s.service
     from jsonb_to_recordset($2::jsonb) as s ("groupId" uuid, address inet, protocol text, port int, service jsonb)`,
    [siteId, JSON.stringify(services), AT],
  );
  await pool.query(
    'vacuum (analyze) hosts, service_intervals, service_texts, search_blocks, groups',
  );
}

/** Two ended scans: the hosts that the first saw first are NEW no more. */
async function insertTwoScans(
  pool: Database['pool'],
  siteId: string,
  groupId: string,
): Promise<readonly [first: string, second: string]> {
  const { rows } = await pool.query(
    `insert into scans (site_id, group_id, status, trigger, profile_name, options, down_after, finished_at, new_until)
     select $1, $2, 'finished', 'person', 'x', '{}', 0, $3, until from (values ($3::timestamptz), (null)) as s (until)
     returning id, new_until`,
    [siteId, groupId, AT],
  );
  const idOf = (over: boolean) => rows.find((row) => (row.new_until !== null) === over)?.id ?? '';
  return [idOf(true), idOf(false)];
}

/** So many groups with the same addresses, so that a list has ties. */
export async function insertGroups(database: Database, siteId: string, count: number) {
  const ids: string[] = [];
  for (let at = 0; at < count; at += 1) ids.push((await buildGroup(database, siteId)).id);
  return ids;
}

/** The figures of each group and status that has hosts: as they are kept, or counted one by one. */
export async function selectTallies({ pool }: Database, how: 'kept' | 'counted') {
  const { rows } = await pool.query(
    how === 'kept'
      ? `select group_id, ${toldStatus('t', 'scan_id')} as status, sum(hosts)::int as hosts, sum(services)::int as services
         from group_tallies as t group by 1, 2 having sum(hosts) <> 0 or sum(services) <> 0 order by 1, 2`
      : `select h.group_id, ${toldStatus('h')} as status, count(distinct (h.group_id, h.address))::int as hosts, count(s.port)::int as services
         from hosts as h left join service_intervals as s on s.site_id = h.site_id and s.group_id = h.group_id
           and s.address = h.address and s.valid_to is null group by 1, 2 order by 1, 2`,
  );
  return rows;
}

/** How many rows of tables that grow this connection has read since it last reported that. */
export async function selectRowsRead(tx: SiteTransaction): Promise<number> {
  const { rows } = await sql<{ rows: number }>`
    select coalesce(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)), 0)::int as rows from pg_stat_xact_user_tables
    where relname in ('hosts', 'service_intervals', 'host_intervals', 'service_texts', 'search_blocks', 'deltas')`.execute(
    tx,
  );
  return rows[0]?.rows ?? 0;
}

/** Where each row of what is believed lies, and since which transaction: the same while nothing is written. */
export async function selectRowVersions({ pool }: Database): Promise<string[]> {
  const { rows } = await pool.query(
    ['hosts', 'host_intervals', 'service_intervals', 'coverages']
      .map((table) => `select concat_ws(' ', '${table}', ctid, xmin) as version from ${table}`)
      .join(' union all '),
  );
  return rows.map(({ version }) => version).sort();
}

/** A host and its service, whose text everybody stores for the first time. */
export async function insertPart(
  tx: SiteTransaction,
  { siteId, groupId, part, n }: { siteId: string; groupId: string; part: number; n: number },
): Promise<void> {
  const address = `10.9.${part}.${n}`;
  await sql`insert into hosts (site_id, group_id, address, status, reason, status_since)
    values (${siteId}, ${groupId}, ${address}, 3, 'x', now())`.execute(tx);
  const service = JSON.stringify({ method: 'probed', name: `text ${(n * 7 + part) % 10}` });
  await sql`insert into service_intervals (site_id, group_id, address, protocol, port, valid_from, scan_id, reason, service)
    values (${siteId}, ${groupId}, ${address}, 'tcp', 80, now(), gen_random_uuid(), 'x', ${service})`.execute(
    tx,
  );
}
