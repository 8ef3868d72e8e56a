import { type RawBuilder, sql } from 'kysely';
import type { SiteTransaction } from '../db/database.ts';
import { isTold, toldStatus } from '../db/told-status-queries.ts';
import { walkStatus } from './status-stream-queries.ts';

/** A host among those of a site. Lists are in the order of `address`, then `groupId`. */
export interface HostKey {
  readonly address: string;
  readonly groupId: string;
}

/** Which hosts a list holds. */
export interface HostFilter {
  readonly groupId?: string | undefined;
  /** core/host/status HostStatusCode */
  readonly status?: number | undefined;
  /** Something listens there, TCP or UDP. */
  readonly port?: number | undefined;
  /** The last host of the page before. */
  readonly beyond?: HostKey | undefined;
}

type Condition = RawBuilder<unknown>;

/** So few that all of them can be looked at, whatever else is asked of them. */
const FEW = 500;

/** All of them must hold. */
export function all(conditions: readonly (Condition | false | undefined)[]): Condition {
  const held = conditions.filter((condition) => condition !== false && condition !== undefined);
  return held.length === 0 ? sql`true` : sql.join(held, sql` and `);
}

/** Rows of the table `name` after the last host of the page before. */
function isBeyond(name: string, { beyond }: HostFilter): Condition | undefined {
  const place = sql.raw(`(${name}.address, ${name}.group_id)`);
  return beyond && sql`${place} > (${beyond.address}::inet, ${beyond.groupId}::uuid)`;
}

/**
 * The host `h` has an open service `s` of which the condition holds. Asked host by host: `offset 0`
 * keeps the planner from collecting all such services first.
 */
function hasService(condition: Condition): Condition {
  return sql`exists (select from service_intervals as s where s.site_id = h.site_id
    and s.group_id = h.group_id and s.address = h.address and s.valid_to is null and ${condition} offset 0)`;
}

/** The conditions on hosts `h`, but not where they begin. */
function matchesFilter({ groupId, status, port }: HostFilter): Condition {
  return all([
    groupId !== undefined && sql`h.group_id = ${groupId}`,
    status !== undefined && sql.raw(isTold('h', status)),
    port !== undefined && hasService(sql`s.port = ${port}`),
  ]);
}

/** What a list is walked along: the filter of which the fewest hosts are left, as far as that is cheap to know. */
export type Way = 'address' | 'status' | 'port';

export async function chooseWay(tx: SiteTransaction, filter: HostFilter): Promise<Way> {
  const { port, status } = filter;
  if (port === undefined) return status === undefined ? 'address' : 'status';
  if (status === undefined) return 'port';
  const { rows } = await sql<{ few: boolean }>`
    select count(*) < ${FEW} as few from (
      select from service_intervals as s where s.port = ${port} and s.valid_to is null limit ${FEW}) as t`.execute(
    tx,
  );
  return rows[0]?.few ? 'port' : 'status';
}

/** So few that a search may look through all of them. */
const LOOKED_THROUGH = 7_000;

/** What a search is to be made along: a filter that leaves few hosts; null: there is none. */
export async function chooseRareWay(
  tx: SiteTransaction,
  { groupId, status, port }: HostFilter,
): Promise<Way | null> {
  if (status === undefined && port === undefined) return null;
  const ofGroup = groupId === undefined ? sql`true` : sql`group_id = ${groupId}`;
  const fewByPort = sql`(select count(*) < ${FEW} from (
    select from service_intervals where port = ${port} and valid_to is null limit ${FEW}) as s)`;
  const fewByStatus = sql`(select coalesce(sum(t.hosts), 0) < ${LOOKED_THROUGH} from group_tallies as t
    where ${sql.raw(toldStatus('t', 'scan_id'))} = ${status} and ${ofGroup})`;
  const { rows } = await sql<{ port: boolean; status: boolean }>`
    select ${port === undefined ? sql`false` : fewByPort} as port,
      ${status === undefined ? sql`false` : fewByStatus} as status`.execute(tx);
  if (rows[0]?.port) return 'port';
  return rows[0]?.status ? 'status' : null;
}

/**
 * A query for the first `limit` hosts that the filter and the condition (on `h`) leave, in order.
 * Walks an index in order, so that it ends as soon as there are enough: those that begin with the
 * group in each group, of which the first are merged.
 */
export function streamHosts(
  way: Way,
  filter: HostFilter,
  { limit, where }: Bound,
): RawBuilder<{ address: string; group_id: string }> {
  if (way === 'address')
    return sql`select h.address, h.group_id from hosts as h
      where ${all([isBeyond('h', filter), matchesFilter(filter), where])}
      order by h.address, h.group_id limit ${limit}`;
  const ofGroup = way === 'status' ? walkFilteredStatus : walkPort;
  return sql`select p.address, p.group_id from groups as g
    cross join lateral (${ofGroup(filter, { limit, where })}) as p
    where ${filter.groupId === undefined ? sql`true` : sql`g.id = ${filter.groupId}`}
    order by p.address, p.group_id limit ${limit}`;
}

interface Bound {
  /** Null: all. */
  readonly limit: number | null;
  readonly where?: Condition | undefined;
}

function walkFilteredStatus(filter: HostFilter, { limit, where }: Bound): Condition {
  const others = all([isBeyond('h', filter), matchesFilter({ port: filter.port }), where]);
  const walk = (which: Condition) => sql`select h.address, h.group_id from hosts as h
    where ${which} and ${others} order by h.address limit ${limit}`;
  return walkStatus({ status: filter.status, limit, walk });
}

/** A host may have the port by TCP and by UDP, and is met once. */
function walkPort(filter: HostFilter, { limit, where }: Bound): Condition {
  const { status, port } = filter;
  const ofHost =
    (status !== undefined || where !== undefined) &&
    sql`exists (select from hosts as h where h.site_id = o.site_id and h.group_id = o.group_id
      and h.address = o.address and ${all([matchesFilter({ status }), where])} offset 0)`;
  return sql`select o.address, o.group_id from service_intervals as o
    where o.site_id = g.site_id and o.group_id = g.id and o.port = ${port} and o.valid_to is null
      and ${all([isBeyond('o', filter), ofHost])}
    group by o.group_id, o.address order by o.address limit ${limit}`;
}
