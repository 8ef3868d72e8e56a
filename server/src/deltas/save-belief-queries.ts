import type { ServiceBelief } from '@netdelta/core/host/belief.ts';
import { hostStatusCode } from '@netdelta/core/host/status.ts';
import type { Ending } from '@netdelta/core/past/moment.ts';
import { type Selectable, sql } from 'kysely';
import type { HostIntervalsTable, HostsTable } from '../db/belief-tables.ts';
import type { SiteTransaction } from '../db/database.ts';
import type { Place } from './belief-queries.ts';

const NEW = hostStatusCode('NEW');
const UP = hostStatusCode('UP');

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

/** A host as it is believed now, but for where and when. */
export type HostRow = Omit<
  Selectable<HostsTable>,
  | 'site_id'
  | 'group_id'
  | 'last_scan_id'
  | 'first_seen_at'
  | 'status_since'
  | 'silence_since'
  | 'down_after'
  | 'service_down_after'
> & {
  readonly first_seen_at: string | null;
  readonly silence_since: string | null;
};

/**
 * Stores hosts as they are believed now; what a known one had as its first sight stays. One
 * statement however many there are: rows of JSON have no limit of parameters.
 */
export async function upsertHosts(
  tx: SiteTransaction,
  { siteId, groupId, scanId, at }: Place,
  rows: readonly HostRow[],
): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    insert into hosts (site_id, group_id, status_since, last_scan_id, address, target_name, status, reason,
      seen_by, names, mac, mac_vendor, os, known_coverage_id, silence_scans, silence_since_scan, silence_since,
      silence_likelihood, contacts, unsteady, answers_everything, first_seen_at)
    select ${siteId}::uuid, ${groupId}::uuid, ${at}::timestamptz, ${scanId}::uuid, h.*
    from json_to_recordset(${JSON.stringify(rows)}::json) as h (address inet, target_name text,
      status smallint, reason text, seen_by text, names text[], mac text, mac_vendor text, os text,
      known_coverage_id bigint, silence_scans smallint, silence_since_scan uuid, silence_since timestamptz,
      silence_likelihood float8, contacts text[], unsteady jsonb, answers_everything boolean,
      first_seen_at timestamptz)
    on conflict (site_id, group_id, address) do update set
      target_name = excluded.target_name, status = excluded.status, reason = excluded.reason,
      seen_by = excluded.seen_by, names = excluded.names, mac = excluded.mac,
      mac_vendor = excluded.mac_vendor, os = excluded.os, known_coverage_id = excluded.known_coverage_id,
      silence_scans = excluded.silence_scans, silence_since_scan = excluded.silence_since_scan,
      silence_since = excluded.silence_since, silence_likelihood = excluded.silence_likelihood,
      contacts = excluded.contacts, unsteady = excluded.unsteady,
      answers_everything = excluded.answers_everything, last_scan_id = excluded.last_scan_id,
      status_since = case when hosts.status = excluded.status then hosts.status_since
        -- It has been UP for some time, and was not written then.
        when hosts.status = ${NEW} and excluded.status = ${UP} then coalesce((select k.new_until from scans as k
          where k.site_id = hosts.site_id and k.id = hosts.last_scan_id), excluded.status_since)
        else excluded.status_since end,
      first_seen_at = coalesce(hosts.first_seen_at, excluded.first_seen_at)`.execute(tx);
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

/** Ends the intervals of the hosts `ended`, and begins those of `begun`. */
export async function replaceHostIntervals(
  tx: SiteTransaction,
  { siteId, groupId, scanId, at }: Place,
  { ended, begun }: { ended: readonly string[]; begun: readonly HostIntervalRow[] },
): Promise<void> {
  if (ended.length > 0)
    await sql`update host_intervals set valid_to = ${at}
      where site_id = ${siteId} and group_id = ${groupId} and address = any(${ended}::inet[])
        and valid_to is null`.execute(tx);
  if (begun.length === 0) return;
  await sql`
    insert into host_intervals (site_id, group_id, scan_id, valid_from, address, status, known_coverage_id,
      names, mac, mac_vendor, os, answers_everything, differs)
    select ${siteId}::uuid, ${groupId}::uuid, ${scanId}::uuid, ${at}::timestamptz, i.*
    from json_to_recordset(${JSON.stringify(begun)}::json) as i (address inet, status smallint,
      known_coverage_id bigint, names text[], mac text, mac_vendor text, os text,
      answers_everything boolean, differs boolean)`.execute(tx);
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

/** Begins the intervals of services, and keeps the texts by which searches find them. */
export async function insertServices(
  tx: SiteTransaction,
  { siteId, groupId, scanId, at }: Place,
  services: readonly ServiceRow[],
): Promise<void> {
  if (services.length === 0) return;
  const { kinds, rows } = shareKinds(services);
  await sql`
    with kinds as materialized (${kinds}), noted as (
      insert into service_texts (site_id, key, text)
      select distinct on (k.search_key) ${siteId}::uuid, k.search_key, service_search(k.service) from kinds as k
      where k.search_key is not null and not exists (
        select from service_texts as t
        where t.site_id = ${siteId} and t.key = k.search_key and t.unused_since is null)
    )
    insert into service_intervals (site_id, group_id, scan_id, valid_from, address, protocol, port, reason,
      service, scripts, silence_scans, silence_since_scan, silence_since, silence_likelihood, search_key)
    select ${siteId}::uuid, ${groupId}::uuid, ${scanId}::uuid, ${at}::timestamptz, s.*
    from ${rows} as s`.execute(tx);
}

/** Refines services that are still the same: more detail, another reason, one more silent scan. */
export async function updateServices(
  tx: SiteTransaction,
  { siteId, groupId }: Place,
  services: readonly ServiceRow[],
): Promise<void> {
  if (services.length === 0) return;
  const { kinds, rows } = shareKinds(services);
  await sql`
    with kinds as materialized (${kinds})
    update service_intervals as i set reason = s.reason, service = s.service, scripts = s.scripts,
      silence_scans = s.silence_scans, silence_since_scan = s.silence_since_scan,
      silence_since = s.silence_since, silence_likelihood = s.silence_likelihood
    from ${rows} as s
    where i.site_id = ${siteId} and i.group_id = ${groupId} and i.address = s.address
      and i.protocol = s.protocol and i.port = s.port and i.valid_to is null`.execute(tx);
}

/**
 * Services as rows of the relation `kinds`, in their order: address, protocol, port, reason, service,
 * scripts, silence, and by which key a search finds it. A network has few different services on many
 * hosts: each different one is sent, and read by Postgres, only once, and rows name it and their host by number.
 */
function shareKinds(services: readonly ServiceRow[]) {
  const hosts = new Map<string, number>();
  const kinds = new Map<string, number>();
  const things = new Map<unknown, number>();
  const kindRows: string[] = [];
  const hostOf: number[] = [];
  const kindOf: number[] = [];
  for (const { address, belief } of services) {
    hostOf.push(numberIn(hosts, address));
    kindOf.push(numberIn(kinds, kindKey(belief, things)));
    if (kinds.size > kindRows.length) kindRows.push(JSON.stringify(serviceColumns(belief)));
  }
  return {
    kinds: sql`
      select given.*, service_search_key(given.service) as search_key
      from rows from (json_to_recordset(${`[${kindRows.join(',')}]`}::json) as (protocol text, port int,
          reason text, service jsonb, scripts jsonb, silence_scans smallint, silence_since_scan uuid,
          silence_since timestamptz, silence_likelihood float8))
        with ordinality as given (protocol, port, reason, service, scripts, silence_scans, silence_since_scan,
          silence_since, silence_likelihood, number)`,
    rows: sql`(
      select h.address, k.protocol, k.port, k.reason, k.service, k.scripts, k.silence_scans,
        k.silence_since_scan, k.silence_since, k.silence_likelihood, k.search_key
      from unnest(${intArray(hostOf)}::int[], ${intArray(kindOf)}::int[]) with ordinality as r (host, kind, place)
      join unnest(${[...hosts.keys()]}::inet[]) with ordinality as h (address, number) on h.number = r.host
      join kinds as k on k.number = r.kind
      order by r.place)`,
  };
}

/**
 * The same for services of the same kind, most often: what was read in the same words is the same
 * object (formats/xml/recollection). Kinds that are told apart for nothing are only sent twice.
 */
function kindKey(
  { protocol, port, reason, service, scripts, silence }: ServiceBelief,
  things: Map<unknown, number>,
) {
  const parts = [service, scripts, silence].map((thing) => numberIn(things, thing));
  return `${protocol}/${port} ${parts.join(' ')} ${reason}`;
}

/** The number of a thing among those before it, from 1. */
function numberIn<T>(known: Map<T, number>, thing: T): number {
  const number = known.get(thing) ?? known.size + 1;
  known.set(thing, number);
  return number;
}

/** As Postgres writes it: a driver would quote each. */
function intArray(numbers: readonly number[]): string {
  return `{${numbers.join(',')}}`;
}

function serviceColumns({ protocol, port, reason, service, scripts, silence }: ServiceBelief) {
  return {
    ...{ protocol, port, reason, service, scripts },
    silence_scans: silence?.scans ?? 0,
    silence_since_scan: silence?.since.scanId,
    silence_since: silence?.since.at,
    silence_likelihood: silence?.likelihood,
  };
}
