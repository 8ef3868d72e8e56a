import type { Protocol } from '@netdelta/core/snapshot/snapshot.ts';
import { type RawBuilder, sql } from 'kysely';
import type { SiteTransaction } from '../db/database.ts';
import { all } from './host-stream-queries.ts';
import { isFull, run } from './ordered-rows-queries.ts';
import { keysOf, readSearch, type Search, serviceHolds } from './search-text-queries.ts';

/** An open service among those of a site. Lists are in this order. */
export interface ServiceKey {
  readonly address: string;
  readonly groupId: string;
  readonly protocol: Protocol;
  readonly port: number;
}

export interface ServiceWish {
  readonly groupId?: string | undefined;
  readonly protocol?: Protocol | undefined;
  readonly port?: number | undefined;
  /** Part of a name, a product or a version. */
  readonly text?: string | undefined;
  /** The last service of the page before. */
  readonly beyond?: ServiceKey | undefined;
  readonly limit: number;
}

type Row = Readonly<{ address: string; group_id: string; protocol: Protocol; port: number }>;

/** So many services are looked at before a search asks the index of texts. */
const TRIED = 500;
const ORDER = sql.raw('address, group_id, protocol, port');

/** The open services of a page, in order; found as hosts are (findHosts). */
export async function findServices(tx: SiteTransaction, wish: ServiceWish): Promise<ServiceKey[]> {
  const { text, limit } = wish;
  if (!text) return (await run(tx, streamServices(wish, limit))).map(keyOf);
  const search = await readSearch(tx, text);
  const first = streamServices(wish, TRIED);
  const found = await run(
    tx,
    sql<Row>`select ${ORDER} from (${first}) as s where ${serviceHolds(search)} order by ${ORDER} limit ${limit}`,
  );
  if (found.length >= limit || !(await isFull(tx, first, TRIED))) return found.map(keyOf);
  return (await searchServices(tx, wish, search)).map(keyOf);
}

/** The first services of each group, merged. */
function streamServices(wish: ServiceWish, limit: number): RawBuilder<Row> {
  return sql`select p.* from groups as g cross join lateral (
      select s.address, s.group_id, s.protocol, s.port, s.search_key, s.service from service_intervals as s
      where s.site_id = g.site_id and s.group_id = g.id and s.valid_to is null and ${matches(wish)}
      order by s.address, s.protocol, s.port limit ${limit}) as p
    where ${wish.groupId === undefined ? sql`true` : sql`g.id = ${wish.groupId}`}
    order by p.address, p.group_id, p.protocol, p.port limit ${limit}`;
}

/** The first services of each text, merged. */
function searchServices(
  tx: SiteTransaction,
  wish: ServiceWish,
  search: Search,
): Promise<readonly Row[]> {
  const { groupId, limit } = wish;
  return run(
    tx,
    sql<Row>`select distinct p.* from ${keysOf(search)} cross join lateral (
      select s.address, s.group_id, s.protocol, s.port from service_intervals as s
      where s.search_key = k.key and s.valid_to is null
        and ${all([groupId !== undefined && sql`s.group_id = ${groupId}`, matches(wish)])}
      order by s.address, s.group_id, s.protocol, s.port limit ${limit}) as p
    order by p.address, p.group_id, p.protocol, p.port limit ${limit}`,
  );
}

function matches({ protocol, port, beyond }: ServiceWish) {
  return all([
    port !== undefined && sql`s.port = ${port}`,
    protocol !== undefined && sql`s.protocol = ${protocol}`,
    beyond &&
      sql`(s.address, s.group_id, s.protocol, s.port) >
        (${beyond.address}::inet, ${beyond.groupId}::uuid, ${beyond.protocol}, ${beyond.port}::int)`,
  ]);
}

function keyOf({ group_id: groupId, address, protocol, port }: Row): ServiceKey {
  return { address, groupId, protocol, port };
}

/** These services with their host's status and their group's name, in this order. */
export async function selectServices(tx: SiteTransaction, keys: readonly ServiceKey[]) {
  const asked = sql<{
    address: string;
    group_id: string;
    protocol: Protocol;
    port: number;
    place: number;
  }>`unnest(${keys.map(({ address }) => address)}::inet[], ${keys.map(({ groupId }) => groupId)}::uuid[],
    ${keys.map(({ protocol }) => protocol)}::text[], ${keys.map(({ port }) => port)}::int[]) with ordinality`;
  return tx
    .selectFrom(asked.as<'k'>(sql`k (address, group_id, protocol, port, place)`))
    .innerJoin('service_intervals as s', (join) =>
      join
        .onRef('s.group_id', '=', 'k.group_id')
        .onRef('s.address', '=', 'k.address')
        .onRef('s.protocol', '=', 'k.protocol')
        .onRef('s.port', '=', 'k.port')
        .on('s.valid_to', 'is', null),
    )
    .innerJoin('hosts as h', (join) =>
      join
        .onRef('h.site_id', '=', 's.site_id')
        .onRef('h.group_id', '=', 's.group_id')
        .onRef('h.address', '=', 's.address'),
    )
    .innerJoin('groups as g', (join) =>
      join.onRef('g.site_id', '=', 's.site_id').onRef('g.id', '=', 's.group_id'),
    )
    .selectAll('s')
    .select(['g.name as group_name', 'h.status as host_status', 'h.names', 'h.target_name'])
    .orderBy('k.place')
    .execute();
}
