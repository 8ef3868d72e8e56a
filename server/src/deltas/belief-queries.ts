import type { Sentinel } from '@netdelta/core/evidence/sentinel.ts';
import type { HostBelief, ServiceBelief, Silence } from '@netdelta/core/host/belief.ts';
import type { SilenceRules } from '@netdelta/core/host/silence-rule.ts';
import { type HostStatusCode, hostStatusCode, hostStatusOf } from '@netdelta/core/host/status.ts';
import { NO_PORTS, parsePortSet } from '@netdelta/core/snapshot/port-set.ts';
import type { PortCoverage } from '@netdelta/core/snapshot/snapshot.ts';
import { type Selectable, sql } from 'kysely';
import type { HostsTable, ServiceIntervalsTable } from '../db/belief-tables.ts';
import type { SiteTransaction } from '../db/database.ts';
import { readDownAfter } from '../db/down-after.ts';
import { isTold, toldSince, toldStatus } from '../db/told-status-queries.ts';

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
  return (
    tx
      .selectFrom('hosts as h')
      .leftJoin('coverages as c', (join) =>
        join.onRef('c.site_id', '=', 'h.site_id').onRef('c.id', '=', 'h.known_coverage_id'),
      )
      .selectAll('h')
      // Instead of what is stored.
      .select(sql<HostStatusCode>`${sql.raw(toldStatus('h'))}`.as('status'))
      .select(sql<Date>`${sql.raw(toldSince('h'))}`.as('status_since'))
      .select(['c.id as coverage', 'c.tcp', 'c.udp'])
      .where('h.group_id', '=', groupId)
      .$if(addresses !== undefined, (q) =>
        q.where(sql<boolean>`h.address = any(${addresses}::inet[])`),
      )
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

const SERVICE_COLUMNS = [
  'address',
  'protocol',
  'port',
  'reason',
  'service',
  'scripts',
  'silence_scans',
  'silence_since',
  'silence_since_scan',
  'silence_likelihood',
] as const;
type ServiceColumns = Pick<Selectable<ServiceIntervalsTable>, (typeof SERVICE_COLUMNS)[number]>;

/** The open services of these addresses, by address. */
async function selectServices(tx: SiteTransaction, groupId: string, addresses: readonly string[]) {
  const rows = await tx
    .selectFrom('service_intervals')
    .select(SERVICE_COLUMNS)
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
/** NEW hosts are the youngest of a group, as a rule: behind so many, there is none that is not. */
const STEADY_LOOKED_AT = 64;

/** The hosts of a group that have been up unchanged for the longest, outside of these addresses: its sentinels. */
export function selectSteadyHosts(
  tx: SiteTransaction,
  groupId: string,
  addresses: readonly string[],
): Promise<Sentinel[]> {
  return tx
    .selectFrom((hosts) =>
      hosts
        .selectFrom('hosts')
        .select(['site_id', 'address', 'contacts', 'status', 'status_since', 'last_scan_id'])
        .where('group_id', '=', groupId)
        .where('status', 'in', [hostStatusCode('NEW'), hostStatusCode('UP')])
        .where(sql<boolean>`contacts <> '{}' and not address = any(${addresses}::inet[])`)
        .orderBy('status_since')
        .limit(STEADY_LOOKED_AT)
        .as('h'),
    )
    .select(['h.address', 'h.contacts'])
    .where(sql<boolean>`${sql.raw(isTold('h', hostStatusCode('UP')))}`)
    .orderBy('h.status_since')
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
  services: readonly ServiceColumns[],
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

function readService(row: ServiceColumns): ServiceBelief {
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
