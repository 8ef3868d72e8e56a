import type { Sentinel } from '@netdelta/core/evidence/sentinel.ts';
import type { HostBelief, ServiceBelief, Silence } from '@netdelta/core/host/belief.ts';
import type { SilenceRules } from '@netdelta/core/host/silence-rule.ts';
import { hostStatusCode, hostStatusOf } from '@netdelta/core/host/status.ts';
import type { Ending } from '@netdelta/core/past/moment.ts';
import { NO_PORTS, parsePortSet } from '@netdelta/core/snapshot/port-set.ts';
import type { PortCoverage } from '@netdelta/core/snapshot/snapshot.ts';
import { type Selectable, sql } from 'kysely';
import type { SiteTransaction } from '../db/database.ts';
import { readDownAfter } from '../db/down-after.ts';
import type { HostIntervalsTable, HostsTable, ServiceIntervalsTable } from '../db/tables.ts';

const ROWS_AT_ONCE = 1_000;

/** Where and when a belief changes. */
export interface Place {
  readonly siteId: string;
  readonly groupId: string;
  readonly scanId: string;
  /** ISO 8601 */
  readonly at: string;
}

/** What is believed of these addresses of a group, by address. One never covered has no entry. */
export async function selectBeliefs(
  tx: SiteTransaction,
  groupId: string,
  addresses: readonly string[],
): Promise<Map<string, HostBelief>> {
  return readBeliefs(tx, groupId, await selectHostRows(tx, groupId, addresses).execute());
}

/** The same, locked until the transaction ends, with the rules that hosts have of their own. */
export async function selectBeliefsForUpdate(
  tx: SiteTransaction,
  groupId: string,
  addresses: readonly string[],
): Promise<{ beliefs: Map<string, HostBelief>; rules: Map<string, Partial<SilenceRules>> }> {
  const rows = await selectHostRows(tx, groupId, addresses)
    .orderBy('h.address')
    .forUpdate('h')
    .execute();
  const rules = rows.flatMap((row) => {
    const own = readOwnRules(row);
    return own ? [[row.address, own] as const] : [];
  });
  return { beliefs: await readBeliefs(tx, groupId, rows), rules: new Map(rules) };
}

/** What is believed of a whole group, locked until the transaction ends, and the rows themselves; by address. */
export async function selectGroupBeliefsForUpdate(tx: SiteTransaction, groupId: string) {
  const rows = await selectHostRows(tx, groupId).orderBy('h.address').forUpdate('h').execute();
  return {
    beliefs: await readBeliefs(tx, groupId, rows),
    rows: new Map(rows.map((row) => [row.address, row])),
  };
}

/** The rules that a host has of its own; undefined: none. */
export function readOwnRules({
  down_after,
  service_down_after,
}: Pick<Selectable<HostsTable>, 'down_after' | 'service_down_after'>):
  | Partial<SilenceRules>
  | undefined {
  if (down_after === null && service_down_after === null) return undefined;
  return {
    ...(down_after !== null && { downAfter: readDownAfter(down_after) }),
    ...(service_down_after !== null && { serviceDownAfter: readDownAfter(service_down_after) }),
  };
}

function selectHostRows(tx: SiteTransaction, groupId: string, addresses?: readonly string[]) {
  return tx
    .selectFrom('hosts as h')
    .leftJoin('coverages as c', (join) =>
      join.onRef('c.site_id', '=', 'h.site_id').onRef('c.id', '=', 'h.known_coverage_id'),
    )
    .selectAll('h')
    .select(['c.id as coverage', 'c.tcp', 'c.udp'])
    .where('h.group_id', '=', groupId)
    .$if(addresses !== undefined, (q) =>
      q.where(sql<boolean>`h.address = any(${addresses}::inet[])`),
    );
}

async function readBeliefs(
  tx: SiteTransaction,
  groupId: string,
  hosts: Awaited<ReturnType<ReturnType<typeof selectHostRows>['execute']>>,
): Promise<Map<string, HostBelief>> {
  const addresses = hosts.map(({ address }) => address);
  const services = await selectServices(tx, groupId, addresses);
  const knownOf = createCoverageReader();
  return new Map(
    hosts.map((row) => [row.address, readHost(row, services.get(row.address) ?? [], knownOf(row))]),
  );
}

/** The open services of these addresses, by address. */
async function selectServices(tx: SiteTransaction, groupId: string, addresses: readonly string[]) {
  const rows = await tx
    .selectFrom('service_intervals')
    .selectAll()
    .where('group_id', '=', groupId)
    .where(sql<boolean>`address = any(${addresses}::inet[])`)
    .where('valid_to', 'is', null)
    .orderBy('address')
    .orderBy('protocol')
    .orderBy('port')
    .execute();
  return Map.groupBy(rows, (row) => row.address);
}

const STEADY_ASKED = 4;

/** The hosts of a group that have been up unchanged for the longest, outside of these addresses: its sentinels. */
export function selectSteadyHosts(
  tx: SiteTransaction,
  groupId: string,
  addresses: readonly string[],
): Promise<Sentinel[]> {
  return tx
    .selectFrom('hosts')
    .select(['address', 'contacts'])
    .where('group_id', '=', groupId)
    .where('status', '=', hostStatusCode('UP'))
    .where(sql<boolean>`contacts <> '{}' and not address = any(${addresses}::inet[])`)
    .orderBy('status_since')
    .limit(STEADY_ASKED)
    .execute();
}

/** The beacons of a group, as a person typed them. */
export async function selectBeacons(tx: SiteTransaction, groupId: string): Promise<string> {
  const group = await tx
    .selectFrom('groups')
    .select('beacons')
    .where('id', '=', groupId)
    .executeTakeFirst();
  return group?.beacons ?? '';
}

/** Most hosts of a shard share one coverage: it is parsed once. */
function createCoverageReader() {
  const read = new Map<string, PortCoverage>();
  return (row: {
    coverage: string | null;
    tcp: string | null;
    udp: string | null;
  }): PortCoverage => {
    if (row.coverage === null) return { tcp: NO_PORTS, udp: NO_PORTS };
    const known = read.get(row.coverage) ?? {
      tcp: parsePortSet(row.tcp ?? '').ports,
      udp: parsePortSet(row.udp ?? '').ports,
    };
    read.set(row.coverage, known);
    return known;
  };
}

function readHost(
  row: Selectable<HostsTable>,
  services: readonly Selectable<ServiceIntervalsTable>[],
  known: PortCoverage,
): HostBelief {
  return {
    address: row.address,
    status: hostStatusOf(row.status),
    reason: row.reason,
    names: row.names,
    known,
    services: services.map(readService),
    contacts: row.contacts,
    unsteady: row.unsteady,
    ...(row.seen_by && { seenBy: row.seen_by }),
    ...(row.mac && { mac: row.mac }),
    ...(row.mac_vendor && { macVendor: row.mac_vendor }),
    ...(row.os && { os: row.os }),
    ...(row.answers_everything && { answersEverything: true as const }),
    ...readSilence(row),
  };
}

function readService(row: Selectable<ServiceIntervalsTable>): ServiceBelief {
  return {
    protocol: row.protocol,
    port: row.port,
    reason: row.reason,
    ...(row.service && { service: row.service }),
    ...(row.scripts && { scripts: row.scripts }),
    ...readSilence(row),
  };
}

function readSilence(row: {
  silence_scans: number;
  silence_since: Date | null;
  silence_since_scan: string | null;
  silence_likelihood: number | null;
}): { silence?: Silence } {
  if (!row.silence_since || !row.silence_since_scan) return {};
  const since = { scanId: row.silence_since_scan, at: row.silence_since.toISOString() };
  const { silence_likelihood: likelihood } = row;
  return {
    silence: { scans: row.silence_scans, since, ...(likelihood !== null && { likelihood }) },
  };
}

/** The id of a coverage, stored once for each site. */
export async function upsertCoverage(
  tx: SiteTransaction,
  siteId: string,
  ports: { tcp: string; udp: string },
): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    with added as (
      insert into coverages (site_id, tcp, udp) values (${siteId}, ${ports.tcp}, ${ports.udp})
      on conflict (site_id, digest) do nothing returning id
    )
    select id from added union all
    select id from coverages where site_id = ${siteId} and tcp = ${ports.tcp} and udp = ${ports.udp}
    limit 1`.execute(tx);
  // Nobody's: another transaction is storing the same coverage, and has not committed yet.
  return rows[0]?.id ?? upsertCoverage(tx, siteId, ports);
}

export type HostRow = Omit<
  Selectable<HostsTable>,
  | 'first_seen_at'
  | 'status_since'
  | 'silence_since'
  | 'unsteady'
  | 'down_after'
  | 'service_down_after'
> & {
  unsteady: string;
  first_seen_at: string | null;
  status_since: string;
  silence_since: string | null;
};

/** Stores hosts as they are believed now; what a known one had as its first sight stays. */
export async function upsertHosts(tx: SiteTransaction, rows: readonly HostRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx
    .insertInto('hosts')
    .values([...rows])
    .onConflict((conflict) =>
      conflict.columns(['site_id', 'group_id', 'address']).doUpdateSet((row) => ({
        target_name: row.ref('excluded.target_name'),
        status: row.ref('excluded.status'),
        reason: row.ref('excluded.reason'),
        seen_by: row.ref('excluded.seen_by'),
        names: row.ref('excluded.names'),
        mac: row.ref('excluded.mac'),
        mac_vendor: row.ref('excluded.mac_vendor'),
        os: row.ref('excluded.os'),
        known_coverage_id: row.ref('excluded.known_coverage_id'),
        silence_scans: row.ref('excluded.silence_scans'),
        silence_since_scan: row.ref('excluded.silence_since_scan'),
        silence_since: row.ref('excluded.silence_since'),
        silence_likelihood: row.ref('excluded.silence_likelihood'),
        contacts: row.ref('excluded.contacts'),
        unsteady: row.ref('excluded.unsteady'),
        answers_everything: row.ref('excluded.answers_everything'),
        status_since: sql`case when hosts.status = excluded.status then hosts.status_since else excluded.status_since end`,
        first_seen_at: sql`coalesce(hosts.first_seen_at, excluded.first_seen_at)`,
        last_scan_id: row.ref('excluded.last_scan_id'),
      })),
    )
    .execute();
}

/** What is remembered of a host from now on; `differs`: from what was before (core/past). */
export type HostIntervalRow = Pick<
  Selectable<HostIntervalsTable>,
  | 'address'
  | 'status'
  | 'known_coverage_id'
  | 'names'
  | 'mac'
  | 'mac_vendor'
  | 'os'
  | 'answers_everything'
  | 'differs'
>;

/** Ends the intervals of these hosts, and begins new ones. */
export async function replaceHostIntervals(
  tx: SiteTransaction,
  place: Place,
  rows: readonly HostIntervalRow[],
): Promise<void> {
  if (rows.length === 0) return;
  await tx
    .updateTable('host_intervals')
    .set({ valid_to: place.at })
    .where('group_id', '=', place.groupId)
    .where(sql<boolean>`address = any(${rows.map(({ address }) => address)}::inet[])`)
    .where('valid_to', 'is', null)
    .execute();
  const { siteId: site_id, groupId: group_id, scanId: scan_id, at: valid_from } = place;
  await tx
    .insertInto('host_intervals')
    .values(
      rows.map((row) => ({
        ...{ site_id, group_id, scan_id, valid_from },
        ...{ address: row.address, status: row.status, differs: row.differs, names: row.names },
        ...{ mac: row.mac, mac_vendor: row.mac_vendor, os: row.os },
        known_coverage_id: row.known_coverage_id,
        answers_everything: row.answers_everything,
      })),
    )
    .execute();
}

export interface ServiceRow {
  readonly address: string;
  readonly belief: ServiceBelief;
}

/** `ending`: none where it became another service, or its host left the address. */
export interface EndedServiceRow extends ServiceRow {
  readonly ending?: Ending;
}

/** Ends the intervals of services that are not open any more, or that became another service. */
export async function endServices(
  tx: SiteTransaction,
  place: Place,
  services: readonly EndedServiceRow[],
): Promise<void> {
  if (services.length === 0) return;
  await sql`update service_intervals as s
    set valid_to = ${place.at}, end_state = gone.state, end_reason = gone.reason
    from unnest(${services.map(({ address }) => address)}::inet[], ${services.map(({ belief }) => belief.protocol)}::text[],
      ${services.map(({ belief }) => belief.port)}::int[], ${services.map(({ ending }) => ending?.state ?? null)}::text[],
      ${services.map(({ ending }) => ending?.reason ?? null)}::text[]) as gone (address, protocol, port, state, reason)
    where s.site_id = ${place.siteId} and s.group_id = ${place.groupId} and s.valid_to is null
      and s.address = gone.address and s.protocol = gone.protocol and s.port = gone.port`.execute(
    tx,
  );
}

export async function insertServices(
  tx: SiteTransaction,
  place: Place,
  services: readonly ServiceRow[],
): Promise<void> {
  const { siteId: site_id, groupId: group_id, scanId: scan_id, at: valid_from } = place;
  const rows = services.map(({ address, belief }) => ({
    site_id,
    group_id,
    scan_id,
    valid_from,
    address,
    protocol: belief.protocol,
    port: belief.port,
    ...serviceColumns(belief),
  }));
  for (let start = 0; start < rows.length; start += ROWS_AT_ONCE)
    await tx
      .insertInto('service_intervals')
      .values(rows.slice(start, start + ROWS_AT_ONCE))
      .execute();
}

/** Refines services that are still the same: more detail, another reason, one more silent scan. */
export async function updateServices(
  tx: SiteTransaction,
  place: Place,
  services: readonly ServiceRow[],
): Promise<void> {
  for (const { address, belief } of services)
    await tx
      .updateTable('service_intervals')
      .set(serviceColumns(belief))
      .where('group_id', '=', place.groupId)
      .where('address', '=', address)
      .where('protocol', '=', belief.protocol)
      .where('port', '=', belief.port)
      .where('valid_to', 'is', null)
      .execute();
}

function serviceColumns({ reason, service, scripts, silence }: ServiceBelief) {
  return {
    reason,
    service: service ? JSON.stringify(service) : null,
    scripts: scripts ? JSON.stringify(scripts) : null,
    silence_scans: silence?.scans ?? 0,
    silence_since_scan: silence?.since.scanId ?? null,
    silence_since: silence?.since.at ?? null,
    silence_likelihood: silence?.likelihood ?? null,
  };
}
