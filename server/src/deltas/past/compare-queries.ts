import type { Protocol } from '@netdelta/core/snapshot/snapshot.ts';
import type { Selectable } from 'kysely';
import { type RawBuilder, sql } from 'kysely';
import type { HostIntervalsTable, ServiceIntervalsTable } from '../../db/belief-tables.ts';
import type { SiteTransaction } from '../../db/database.ts';

/** Two instants, the earlier one first, of a group or of the whole site. */
export interface Span {
  /** ISO 8601 */
  readonly earlier: string;
  readonly later: string;
  readonly groupId?: string;
}

/** Which host. */
export interface HostKey {
  readonly groupId: string;
  readonly address: string;
}

export interface KeyPage {
  readonly beyond?: HostKey | undefined;
  readonly limit: number;
}

/**
 * How many intervals began or ended within a span, up to `most` of each: read from indexes on these
 * instants, whatever else is believed or stored.
 */
export async function selectWritten(
  tx: SiteTransaction,
  span: Span,
  most: number,
): Promise<number> {
  const part = (rows: RawBuilder<unknown>) =>
    sql`(select count(*)::int from (select ${rows} limit ${most}) as counted)`;
  const { rows } = await sql<{ written: number }>`
    select ${part(sql`1 ${begunHosts(span)}`)} + ${part(sql`1 ${begunServices(span)}`)}
      + ${part(sql`1 ${endedServices(span)}`)} as written`.execute(tx);
  return rows[0]?.written ?? 0;
}

function within(column: RawBuilder<unknown>, { earlier, later }: Span) {
  return sql`${column} > ${earlier}::timestamptz and ${column} <= ${later}::timestamptz`;
}

/** The groups are joined so that each is looked up by index. */
function ofGroups({ groupId }: Span) {
  return sql`i.site_id = g.site_id and i.group_id = g.id
    ${groupId === undefined ? sql`` : sql`and g.id = ${groupId}::uuid`}`;
}

function begunHosts(span: Span) {
  return sql`from groups as g join host_intervals as i on ${ofGroups(span)}
    where i.differs and ${within(sql`i.valid_from`, span)}`;
}

function begunServices(span: Span) {
  return sql`from groups as g join service_intervals as i on ${ofGroups(span)}
    where ${within(sql`i.valid_from`, span)}`;
}

function endedServices(span: Span) {
  return sql`from groups as g join service_intervals as i on ${ofGroups(span)}
    where i.valid_to is not null and ${within(sql`i.valid_to`, span)}`;
}

function beyondKey({ beyond }: KeyPage, host: 'k' | 'h') {
  if (!beyond) return sql`true`;
  return sql`(${sql.ref(`${host}.address`)}, ${sql.ref(`${host}.group_id`)})
    > (${beyond.address}::inet, ${beyond.groupId}::uuid)`;
}

/** The hosts of which something began or ended within a span, in the order of their addresses. */
export async function selectTouched(
  tx: SiteTransaction,
  span: Span,
  page: KeyPage,
): Promise<HostKey[]> {
  const { rows } = await sql<HostKey>`
    select group_id as "groupId", address from (
      select i.group_id, i.address ${begunHosts(span)}
      union select i.group_id, i.address ${begunServices(span)}
      union select i.group_id, i.address ${endedServices(span)}
    ) as k
    where ${beyondKey(page, 'k')}
    order by address, group_id limit ${page.limit}`.execute(tx);
  return rows;
}

/**
 * The same where nearly everything changed: host by host, so that nothing has to be gathered and
 * sorted. At most `walked` hosts are looked at; `last` is the last of them, if there were so many.
 */
export async function selectTouchedWalking(
  tx: SiteTransaction,
  span: Span,
  { walked, ...page }: KeyPage & { readonly walked: number },
): Promise<{ keys: HostKey[]; last: HostKey | null }> {
  const ofHost = sql`i.site_id = h.site_id and i.group_id = h.group_id and i.address = h.address`;
  const hosts = sql`select h.site_id, h.group_id, h.address from hosts as h
    where ${beyondKey(page, 'h')}
      ${span.groupId === undefined ? sql`` : sql`and h.group_id = ${span.groupId}::uuid`}
    order by h.address, h.group_id`;
  const { rows: keys } = await sql<HostKey>`
    select h.group_id as "groupId", h.address from (${hosts} limit ${walked}) as h
    -- No exists: the planner would gather all of the span for it.
    where coalesce(
      (select true from host_intervals as i where ${ofHost} and i.differs
        and ${within(sql`i.valid_from`, span)} limit 1),
      (select true from service_intervals as i where ${ofHost}
        and (${within(sql`i.valid_from`, span)} or ${within(sql`i.valid_to`, span)}) limit 1),
      false)
    order by h.address, h.group_id limit ${page.limit}`.execute(tx);
  if (keys.length === page.limit) return { keys, last: keys.at(-1) ?? null };
  const { rows: end } = await sql<HostKey>`
    select h.group_id as "groupId", h.address from (${hosts} limit 1 offset ${walked - 1}) as h`.execute(
    tx,
  );
  return { keys, last: end[0] ?? null };
}

/** What is remembered of a host at one of the instants. */
export type HostMomentRow = Pick<
  Selectable<HostIntervalsTable>,
  'group_id' | 'address' | 'status' | 'names' | 'mac' | 'mac_vendor' | 'os' | 'answers_everything'
> & {
  readonly side: 'earlier' | 'later';
  readonly coverage: string | null;
  readonly tcp: string | null;
  readonly udp: string | null;
};

function unnestKeys(keys: readonly HostKey[]) {
  return sql`unnest(${keys.map(({ groupId }) => groupId)}::uuid[],
    ${keys.map(({ address }) => address)}::inet[]) as k (group_id, address)`;
}

/** What was believed of these hosts at both instants; no row where nothing was. */
export async function selectHostMoments(
  tx: SiteTransaction,
  { earlier, later }: Span,
  keys: readonly HostKey[],
): Promise<HostMomentRow[]> {
  const { rows } = await sql<HostMomentRow>`
    select k.group_id, k.address, t.side, i.status, i.names, i.mac, i.mac_vendor, i.os, i.answers_everything,
      c.id as coverage, c.tcp, c.udp
    from ${unnestKeys(keys)}
    cross join (values ('earlier', ${earlier}::timestamptz), ('later', ${later}::timestamptz)) as t (side, at)
    cross join lateral (
      select * from host_intervals as i
      where i.group_id = k.group_id and i.address = k.address and i.valid_from <= t.at
      order by i.valid_from desc limit 1
    ) as i
    left join coverages as c on c.site_id = i.site_id and c.id = i.known_coverage_id`.execute(tx);
  return rows;
}

/** A service that was open at one of the instants, or at both. */
export type ServiceMomentRow = Pick<
  Selectable<ServiceIntervalsTable>,
  'group_id' | 'address' | 'protocol' | 'port' | 'reason' | 'service' | 'end_state' | 'end_reason'
> & { readonly then: boolean; readonly later: boolean };

/** The services of these hosts at both instants; `changed`: only those intervals that do not last through both. */
export async function selectServiceMoments(
  tx: SiteTransaction,
  { earlier, later }: Span,
  { keys, changed }: { readonly keys: readonly HostKey[]; readonly changed: boolean },
): Promise<ServiceMomentRow[]> {
  const { rows } = await sql<ServiceMomentRow>`
    select s.group_id, s.address, s.protocol, s.port, s.reason, s.service,
      coalesce(s.end_state, ended.end_state) as end_state, coalesce(s.end_reason, ended.end_reason) as end_reason,
      s.valid_from <= ${earlier}::timestamptz as then,
      (s.valid_to is null or s.valid_to > ${later}::timestamptz) as later
    from ${unnestKeys(keys)}
    -- The offset keeps it a look at each host: the planner would gather all of the span for so many.
    cross join lateral (
      select * from service_intervals as s where s.group_id = k.group_id and s.address = k.address
        and s.valid_from <= ${later}::timestamptz and (s.valid_to is null or s.valid_to > ${earlier}::timestamptz)
        and (s.valid_from <= ${earlier}::timestamptz or s.valid_to is null or s.valid_to > ${later}::timestamptz)
        ${
          changed
            ? sql`and (s.valid_from > ${earlier}::timestamptz or s.valid_to <= ${later}::timestamptz)`
            : sql``
        }
      offset 0
    ) as s
    -- It became another service, and that one ended.
    left join lateral (
      select e.end_state, e.end_reason from service_intervals as e
      where s.end_state is null and s.valid_to <= ${later}::timestamptz and e.group_id = s.group_id
        and e.address = s.address and e.protocol = s.protocol and e.port = s.port and e.valid_to <= ${later}::timestamptz
      order by e.valid_from desc limit 1
    ) as ended on true`.execute(tx);
  return rows;
}

/** The hosts of which more than a service may differ between the instants: few. */
export async function selectDiffering(
  tx: SiteTransaction,
  span: Span,
  limit: number,
): Promise<HostKey[]> {
  const { rows } = await sql<HostKey>`
    select distinct i.group_id as "groupId", i.address ${begunHosts(span)} limit ${limit}`.execute(
    tx,
  );
  return rows;
}

/** A service that is not at both instants what it is at one; its facts as JSON text, for there are many alike. */
export interface ServiceChangeRow {
  readonly group_id: string;
  readonly address: string;
  readonly protocol: Protocol;
  readonly port: number;
  readonly was: boolean;
  readonly is: boolean;
  readonly before: string | null;
  readonly after: string | null;
  readonly end_state: 'closed' | 'filtered' | null;
}

/** The services that differ, of all hosts of which nothing else does. */
export async function selectServiceChanges(
  tx: SiteTransaction,
  span: Span,
): Promise<ServiceChangeRow[]> {
  const { earlier, later } = span;
  const columns = sql`i.group_id, i.address, i.protocol, i.port, i.service, i.end_state`;
  const { rows } = await sql<ServiceChangeRow>`
    with gone as (
      select ${columns} ${endedServices(span)} and i.valid_from <= ${earlier}::timestamptz
    ), come as (
      select ${columns} ${begunServices(span)}
        and (i.valid_to is null or i.valid_to > ${later}::timestamptz)
    ), differing as (
      select distinct i.group_id, i.address, true as differs ${begunHosts(span)}
    )
    select group_id, address, protocol, port, gone.port is not null as was, come.port is not null as is,
      gone.service::text as before, come.service::text as after,
      case when come.port is null then coalesce(gone.end_state, (
        select e.end_state from service_intervals as e
        where e.group_id = gone.group_id and e.address = gone.address and e.protocol = gone.protocol
          and e.port = gone.port and e.valid_to <= ${later}::timestamptz
        order by e.valid_from desc limit 1)) end as end_state
    from gone full join come using (group_id, address, protocol, port)
    left join differing using (group_id, address)
    where (gone.port is null or come.port is null or gone.service is distinct from come.service)
      and differing.differs is null`.execute(tx);
  return rows;
}
