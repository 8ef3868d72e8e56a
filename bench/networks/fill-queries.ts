import type { Database } from '../../server/src/db/database.ts';

type Pool = Database['pool'];

/** A group of a filled site: its hosts are 10.<number>.0.0 and the addresses after it. */
export interface FilledGroup {
  readonly siteId: string;
  readonly groupId: string;
  readonly number: number;
  readonly hosts: number;
}

/** Stable chance, 0–999, of host n of a group ($3) in some respect. */
const chance = (respect: number) =>
  `(abs(hashint8extended(($3::bigint << 20) + n, ${respect})) % 1000)`;
const ADDRESS = `('10.' || $3::int || '.' || (n >> 8) || '.' || (n & 255))::inet`;
const STATUS = `case when ${chance(1)} < 900 then 3 when ${chance(1)} < 915 then 2 when ${chance(1)} < 925 then 4
  when ${chance(1)} < 930 then 5 when ${chance(1)} < 931 then 6 when ${chance(1)} < 975 then 7 when ${chance(1)} < 976 then 8
  when ${chance(1)} < 996 then 1 else 9 end`;
/** UP since the second scan, and never written since the first. */
const UNWRITTEN = `(${STATUS} = 3 and ${chance(9)} < 900)`;
const VENDORS = `array['Dell','HP','Cisco Systems','VMware','Intel Corporate','Juniper Networks','Super Micro Computer',
  'Lenovo','Ubiquiti','Raspberry Pi Trading','Siemens AG','Zebra Technologies']`;
const SYSTEMS = `array['Linux 5.0 - 5.14','Microsoft Windows Server 2019','Microsoft Windows 11','VMware ESXi 7.0',
  'Cisco IOS 15.2','FreeBSD 13.1','HP LaserJet printer','Linux 4.15 - 5.8']`;

/** What hosts offer: port, protocol, in how many of 1,000 hosts, name, product, number of versions. */
const OFFERS: readonly (readonly [number, string, number, string, string, number])[] = [
  [443, 'tcp', 900, 'http', 'nginx', 40],
  [80, 'tcp', 860, 'http', 'Apache httpd', 60],
  [22, 'tcp', 830, 'ssh', 'OpenSSH', 30],
  [161, 'udp', 640, 'snmp', 'net-snmp', 8],
  [445, 'tcp', 620, 'microsoft-ds', 'Samba smbd', 20],
  [135, 'tcp', 610, 'msrpc', 'Microsoft Windows RPC', 1],
  [139, 'tcp', 600, 'netbios-ssn', 'Samba smbd', 20],
  [3389, 'tcp', 590, 'ms-wbt-server', 'Microsoft Terminal Services', 4],
  [5985, 'tcp', 560, 'http', 'Microsoft HTTPAPI httpd', 2],
  [8443, 'tcp', 540, 'http', 'Appliance console', 3000],
  [111, 'tcp', 530, 'rpcbind', '', 3],
  [9090, 'tcp', 520, 'http', 'Cockpit web service', 80],
  [8080, 'tcp', 500, 'http-proxy', 'Squid http proxy', 25],
  [53, 'udp', 480, 'domain', 'dnsmasq', 20],
  [123, 'udp', 460, 'ntp', 'NTP', 4],
  [10050, 'tcp', 440, 'zabbix-agent', '', 1],
  [25, 'tcp', 250, 'smtp', 'Postfix smtpd', 1],
  [3306, 'tcp', 150, 'mysql', 'MySQL', 50],
  [5432, 'tcp', 120, 'postgresql', 'PostgreSQL DB', 30],
  [21, 'tcp', 60, 'ftp', 'vsftpd', 6],
  [6379, 'tcp', 40, 'redis', 'Redis key-value store', 30],
  [27017, 'tcp', 10, 'mongodb', 'MongoDB', 25],
  [23, 'tcp', 5, 'telnet', 'Cisco router telnetd', 1],
];

/** The groups' common profile. */
export async function selectPlace(pool: Pool): Promise<{ siteId: string; profileId: string }> {
  const { rows } = await pool.query(
    `select site_id as "siteId", id as "profileId" from profiles order by built_in desc, name limit 1`,
  );
  return rows[0];
}

/** Takes away what is quicker made anew after filling; answers with the statements that make it. */
export async function dropIndexes(pool: Pool): Promise<string[]> {
  const { rows } = await pool.query<{ drop: string; create: string }>(
    `select format('drop index %s', indexrelid::regclass) as drop, pg_get_indexdef(indexrelid) as create
     from pg_index where not indisprimary and indrelid::regclass::text in
       ('hosts', 'search_blocks', 'service_intervals', 'host_intervals', 'deltas')
     union all
     select format('alter table %s drop constraint %I', conrelid::regclass, conname),
       format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
     from pg_constraint where contype = 'f' and conrelid::regclass::text in ('service_intervals', 'host_intervals')`,
  );
  for (const { drop } of rows) await pool.query(drop);
  return rows.map(({ create }) => create);
}

export async function insertFilledGroup(
  pool: Pool,
  { siteId, profileId }: { siteId: string; profileId: string },
  { number, hosts }: { number: number; hosts: number },
): Promise<FilledGroup> {
  const text = `10.${number}.0.0/16`;
  const target = { kind: 'range', text, first: `10.${number}.0.0`, last: `10.${number}.255.255` };
  const { rows } = await pool.query(
    `insert into groups (site_id, name, targets_text, targets, exclusions, address_count, profile_id)
     values ($1, $2, $3, $4, '[]', 65536, $5) returning id`,
    [siteId, `Department ${number}`, text, JSON.stringify([target]), profileId],
  );
  return { siteId, groupId: rows[0].id, number, hosts };
}

/** Twenty nightly scans, each with its shards; none but the last has NEW hosts any more. */
export async function insertFilledScans(
  pool: Pool,
  { siteId, groupId, number, hosts }: FilledGroup,
): Promise<void> {
  await pool.query(
    `insert into scans (site_id, group_id, status, trigger, profile_name, options, down_after, number,
       address_count, shard_count, shards_done, hosts_up, services_open, created_at, started_at, finished_at)
     select $1, $2, 'finished', 'schedule', 'nightly', '{}', 0, 21 - ago, $3::int, $3::int / 256, $3::int / 256, $3::int, $3::int * 10,
       at, at, at + interval '1 hour'
     from generate_series(1, 20) as ago cross join lateral (select now() - ago * interval '1 day' as at) as t`,
    [siteId, groupId, hosts],
  );
  await pool.query(
    `insert into shards (site_id, scan_id, number, addresses, address_count, status, covered_count, started_at, finished_at)
     select s.site_id, s.id, c.number, c.addresses, c.address_count, 'finished', 256, s.started_at, s.finished_at
     from scans as s cross join (
       select n >> 8 as number, count(*) as address_count,
         range_agg(address_range(${ADDRESS}, ${ADDRESS} + 1)) as addresses
       from generate_series(0, $4::int - 1) as n group by 1) as c
     where s.site_id = $1 and s.group_id = $2`,
    [siteId, groupId, number, hosts],
  );
  await pool.query(
    `update scans as s set covered = (select range_agg(sh.addresses) from shards as sh
         where sh.site_id = s.site_id and sh.scan_id = s.id),
       new_until = next.finished_at, new_until_scan_id = next.id
     from scans as t left join scans as next on next.group_id = t.group_id and next.number = t.number + 1
     where t.id = s.id and s.site_id = $1 and s.group_id = $2`,
    [siteId, groupId],
  );
}

/** Hosts of which most are up as they always were, a third without name, MAC address or system, and their intervals. */
export async function insertFilledHosts(
  pool: Pool,
  { siteId, groupId, number, hosts }: FilledGroup,
): Promise<void> {
  const place = [siteId, groupId, number, hosts];
  await pool.query(
    `insert into hosts (site_id, group_id, address, status, reason, seen_by, names, mac, mac_vendor, os,
       status_since, first_seen_at, contacts, last_scan_id)
     select $1, $2, ${ADDRESS}, case when ${UNWRITTEN} then 2 else ${STATUS} end, 'syn-ack', 'connect',
       case when ${chance(2)} < 700 then array[(array['ws', 'srv', 'db', 'prn', 'cam', 'esx'])[1 + ${chance(3)} % 6] || '-'
         || to_hex(abs(hashint8extended(n, 9)) % 1048576) || '.dept' || $3 || '.example.net'] else '{}' end,
       case when ${chance(4)} < 600 then upper(regexp_replace(lpad(to_hex(abs(hashint8extended(n + $3 * 65536, 7)) % 281474976710656), 12, '0'),
         '(..)(?!$)', '\\1:', 'g')) end,
       case when ${chance(4)} < 600 then (${VENDORS})[1 + (${chance(5)} * ${chance(6)}) / 83500] end,
       case when ${chance(7)} < 600 then (${SYSTEMS})[1 + ${chance(8)} % 8] end,
       now() - interval '19 days' + n * interval '1 ms', now() - interval '20 days', array['tcp/443'],
       (select id from scans where group_id = $2 and number = case when ${UNWRITTEN} then 1 else 20 end)
     from generate_series(0, $4::int - 1) as n`,
    place,
  );
  await pool.query(
    `insert into host_intervals (site_id, group_id, address, valid_from, valid_to, status, scan_id)
     select h.site_id, h.group_id, h.address, h.first_seen_at, h.status_since, 2, s.id
     from hosts as h join scans as s on s.group_id = h.group_id and s.number = 1
     where h.site_id = $1 and h.group_id = $2 and h.status > 2
     union all select site_id, group_id, address, status_since, null, status, last_scan_id from hosts
     where site_id = $1 and group_id = $2`,
    place.slice(0, 2),
  );
}

/** About ten services a host, and a past for a twentieth of them. */
export async function insertFilledServices(
  pool: Pool,
  { siteId, groupId, number, hosts }: FilledGroup,
): Promise<void> {
  await pool.query(
    `insert into service_intervals (site_id, group_id, address, protocol, port, valid_from, valid_to, scan_id, reason, service)
     select $1, $2, ${ADDRESS}, o.protocol, o.port, t.since, t.until, s.id, 'syn-ack',
       jsonb_strip_nulls(jsonb_build_object('method', 'probed', 'name', o.name, 'product', nullif(o.product, ''),
         'version', 1 + ${chance(14)} % 9 || '.' || abs(hashint8extended(n, o.port)) % o.versions,
         'extraInfo', 'Debian', 'cpe', array['cpe:/a:' || o.name]))
     from generate_series(0, $4::int - 1) as n
     cross join jsonb_to_recordset($5::jsonb) as o (port int, protocol text, share int, name text, product text, versions int)
     cross join (select id from scans where site_id = $1 and group_id = $2 and number = 1) as s
     cross join lateral (select now() - interval '20 days' as since, null::timestamptz as until
       union all select now() - interval '20 days', now() - interval '3 days' where ${chance(15)} < 50) as t
     where abs(hashint8extended(($3::bigint << 20) + n, o.port)) % 1000 < o.share
       and (t.until is null or o.port < 100) and not (t.until is null and o.port < 100 and ${chance(15)} < 50)
     union all
     select $1, $2, ${ADDRESS}, 'tcp', 102, now() - interval '9 days', null, s.id, 'syn-ack',
       jsonb_build_object('method', 'probed', 'name', 'iso-tsap', 'product', 'Siemens S7 PLC', 'version', n::text)
     from generate_series(0, 15) as n cross join (select id from scans where site_id = $1 and group_id = $2 and number = 1) as s
     union all
     select $1, $2, ${ADDRESS}, 'tcp', 9100, now() - interval '9 days', null, s.id, 'syn-ack',
       jsonb_build_object('method', 'probed', 'name', 'jetdirect', 'product', 'HP JetDirect')
     from generate_series(0, $4::int - 1) as n cross join (select id from scans where site_id = $1 and group_id = $2 and number = 1) as s
     where $3::int = $6::int`,
    [
      siteId,
      groupId,
      number,
      hosts,
      JSON.stringify(
        OFFERS.map(([port, protocol, share, offer, product, versions]) => ({
          ...{ port, protocol, share, product, versions },
          name: offer,
        })),
      ),
      LAST_GROUP,
    ],
  );
}

/** The group in which every host is a printer, too: what is frequent, but far from the first page. */
const LAST_GROUP = 3;

/** As many deltas as a fifth of the group has hosts, spread over its scans. */
export async function insertFilledDeltas(
  pool: Pool,
  { siteId, groupId, number, hosts }: FilledGroup,
): Promise<void> {
  await pool.query(
    `insert into deltas (site_id, group_id, scan_id, at, kind, address, protocol, port, before, after, evidence, rating)
     select $1, $2, s.id, s.finished_at,
       case when k < 500 then 'service.opened' when k < 900 then 'service.closed' else 'service.changed' end,
       ${ADDRESS}, 'tcp', 1 + k, case when k >= 500 then '{"state":"open","reason":"syn-ack"}'::jsonb end,
       '{"state":"open","reason":"syn-ack"}', '{"reason":"syn-ack"}',
       case when k < 20 then 'red' when k < 200 then 'amber' else 'green' end
     from (select n, ${chance(20)} as k from generate_series(0, $4::int - 1) as n) as d
     join scans as s on s.site_id = $1 and s.group_id = $2 and s.number = 1 + d.n % 20
     where ${chance(21)} < 200`,
    [siteId, groupId, number, hosts],
  );
}

export async function runStatements(pool: Pool, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await pool.query(statement);
}
