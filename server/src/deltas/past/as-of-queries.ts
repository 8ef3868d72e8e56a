import type { HostQuery } from '@netdelta/core/api/hosts.ts';
import { type HostStatus, hostStatusCode } from '@netdelta/core/host/status.ts';
import { type Selectable, sql } from 'kysely';
import type { HostIntervalsTable } from '../../db/belief-tables.ts';
import type { SiteTransaction } from '../../db/database.ts';
import { toldStatus } from '../../db/told-status-queries.ts';
import type { HostKey } from './compare-queries.ts';

/** Which hosts, at which instant (ISO 8601). */
export type PastHostFilter = Pick<HostQuery, 'groupId' | 'status' | 'port' | 'text'> & {
  readonly at: string;
  readonly address?: string | undefined;
  readonly beyond?: HostKey | undefined;
};

export type PastHostRow = Selectable<HostIntervalsTable> & {
  readonly group_name: string;
  readonly target_name: string | null;
  readonly status_since: Date;
  readonly service_count: number;
  readonly tcp: string | null;
  readonly udp: string | null;
};

const OPEN_THEN = (at: string) =>
  sql`s.site_id = h.site_id and s.group_id = h.group_id and s.address = h.address
    and s.valid_from <= ${at}::timestamptz and (s.valid_to is null or s.valid_to > ${at}::timestamptz)`;

function walkHosts({ groupId, address, beyond }: PastHostFilter) {
  return sql`select h.site_id, h.group_id, h.address, h.target_name from hosts as h where
    ${groupId === undefined ? sql`true` : sql`h.group_id = ${groupId}::uuid`}
    and ${address === undefined ? sql`true` : sql`h.address = ${address}::inet`}
    and ${
      beyond === undefined
        ? sql`true`
        : sql`(h.address, h.group_id) > (${beyond.address}::inet, ${beyond.groupId}::uuid)`
    }
    order by h.address, h.group_id`;
}

const NEW = hostStatusCode('NEW');
const UP = hostStatusCode('UP');
/** The status of the interval `i` at the instant `t.at`. */
const told = sql.raw(toldStatus('i', 'scan_id', 't.at'));

function matches({ at, status, port, text }: PastHostFilter) {
  const pattern = `%${(text ?? '').replace(/[\\%_]/g, '\\$&')}%`;
  return sql`
    ${status === undefined ? sql`true` : sql`${told} = ${hostStatusCode(status as HostStatus)}`}
    and ${
      port === undefined
        ? sql`true`
        : sql`exists (select from service_intervals as s where ${OPEN_THEN(at)} and s.port = ${port})`
    }
    and ${
      !text
        ? sql`true`
        : sql`(host(h.address) ilike ${pattern} or array_to_string(i.names, ' ') ilike ${pattern}
          or h.target_name ilike ${pattern} or i.mac ilike ${pattern} or i.mac_vendor ilike ${pattern}
          or i.os ilike ${pattern} or exists (select from service_intervals as s where ${OPEN_THEN(at)}
            and concat_ws(' ', s.service->>'name', s.service->>'product', s.service->>'version') ilike ${pattern}))`
    }`;
}

/**
 * The hosts of which something was believed at an instant, in the order of their addresses: the first
 * `limit` that match among the first `walked` ones. Each is looked up by its key, however long its history.
 */
export async function selectPastHosts(
  tx: SiteTransaction,
  filter: PastHostFilter,
  { limit, walked }: { readonly limit: number; readonly walked: number },
): Promise<PastHostRow[]> {
  const { at } = filter;
  const ofHost = (row: 'j' | 'k') =>
    sql`${sql.ref(`${row}.site_id`)} = h.site_id and ${sql.ref(`${row}.group_id`)} = h.group_id
      and ${sql.ref(`${row}.address`)} = h.address and ${sql.ref(`${row}.valid_from`)} <= i.valid_from`;
  const { rows } = await sql<PastHostRow>`
    select i.*, ${told} as status, g.name as group_name, h.target_name, c.tcp, c.udp,
      coalesce(case i.status when ${NEW} then (
          select s.new_until from scans as s where s.site_id = i.site_id and s.id = i.scan_id and s.new_until <= t.at)
        -- The first interval that says UP: the one before may have become it.
        when ${UP} then (
          select s.new_until from host_intervals as p join scans as s on s.site_id = p.site_id and s.id = p.scan_id
          where p.site_id = h.site_id and p.group_id = h.group_id and p.address = h.address and p.status = ${NEW}
            and p.valid_to = run.begun and s.new_until < run.begun)
        end, run.begun) as status_since,
      (select count(*)::int from service_intervals as s where ${OPEN_THEN(at)}) as service_count
    from (${walkHosts(filter)} limit ${walked}) as h
    cross join lateral (
      select * from host_intervals as i where i.site_id = h.site_id and i.group_id = h.group_id
        and i.address = h.address and i.valid_from <= ${at}::timestamptz
      order by i.valid_from desc limit 1
    ) as i
    cross join (values (${at}::timestamptz)) as t (at)
    cross join lateral (
      select min(j.valid_from) as begun from host_intervals as j where ${ofHost('j')} and j.valid_from > coalesce(
        (select max(k.valid_from) from host_intervals as k where ${ofHost('k')} and k.status <> i.status), '-infinity')
    ) as run
    join groups as g on g.site_id = h.site_id and g.id = h.group_id
    left join coverages as c on c.site_id = i.site_id and c.id = i.known_coverage_id
    where ${matches(filter)}
    order by h.address, h.group_id limit ${limit}`.execute(tx);
  return rows;
}

/** The last of the first `walked` hosts behind a page, if there are so many. */
export async function selectWalkEnd(
  tx: SiteTransaction,
  filter: PastHostFilter,
  walked: number,
): Promise<HostKey | null> {
  const { rows } = await sql<HostKey>`
    select h.group_id as "groupId", h.address
    from (${walkHosts(filter)} limit 1 offset ${walked - 1}) as h`.execute(tx);
  return rows[0] ?? null;
}

/** The services of a host that were open at an instant. */
export function selectPastServices(tx: SiteTransaction, { groupId, address }: HostKey, at: string) {
  return tx
    .selectFrom('service_intervals')
    .selectAll()
    .where('group_id', '=', groupId)
    .where('address', '=', address)
    .where('valid_from', '<=', sql<Date>`${at}::timestamptz`)
    .where((where) =>
      where.or([
        where('valid_to', 'is', null),
        where('valid_to', '>', sql<Date>`${at}::timestamptz`),
      ]),
    )
    .orderBy('protocol')
    .orderBy('port')
    .execute();
}
