import type { HostStatusCode } from '@netdelta/core/host/status.ts';
import type { Protocol } from '@netdelta/core/snapshot/snapshot.ts';
import { type RawBuilder, sql } from 'kysely';
import type { SiteTransaction } from '../db/database.ts';
import { toldStatus } from '../db/told-status-queries.ts';
import { all } from './host-stream-queries.ts';
import { run } from './ordered-rows-queries.ts';
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

/** So many hosts are looked at before a search asks the index of texts: a frequent text is found among them. */
const TRIED = 60;
const ORDER = sql.raw('address, group_id, protocol, port');

/** The open services of a page, in order: along an index of them, or of their texts (decisions 21 and 29). */
export async function findServices(tx: SiteTransaction, wish: ServiceWish): Promise<ServiceKey[]> {
  const { text, limit } = wish;
  if (!text) return (await run(tx, streamServices(wish, limit))).map(keyOf);
  const search = await readSearch(tx, text);
  if (search.keys?.length === 0) return [];
  const first = search.keys ? null : await searchFirstHosts(tx, wish, search);
  return (first ?? (await searchServices(tx, wish, search))).map(keyOf);
}

/** The first services of each group, merged. */
function streamServices(wish: ServiceWish, limit: number): RawBuilder<Row> {
  return sql`select p.* from groups as g cross join lateral (
      select s.address, s.group_id, s.protocol, s.port from service_intervals as s
      where s.site_id = g.site_id and s.group_id = g.id and s.valid_to is null and ${matches(wish)}
      order by s.address, s.protocol, s.port limit ${limit}) as p
    where ${wish.groupId === undefined ? sql`true` : sql`g.id = ${wish.groupId}`}
    order by p.address, p.group_id, p.protocol, p.port limit ${limit}`;
}

/** Those of the first hosts of the list; null: they do not suffice. */
async function searchFirstHosts(tx: SiteTransaction, wish: ServiceWish, search: Search) {
  const { groupId, beyond, limit } = wish;
  const ofHosts = all([
    groupId !== undefined && sql`group_id = ${groupId}`,
    beyond && sql`(address, group_id) >= (${beyond.address}::inet, ${beyond.groupId}::uuid)`,
  ]);
  const found = await run(
    tx,
    sql<Row>`select s.* from (
        select address, group_id from hosts where ${ofHosts} order by address, group_id limit ${TRIED}) as h
      cross join lateral (
        select s.address, s.group_id, s.protocol, s.port from service_intervals as s
        where s.group_id = h.group_id and s.address = h.address and s.valid_to is null
          and ${matches(wish)} and ${serviceHolds(search)} offset 0) as s
      order by s.address, s.group_id, s.protocol, s.port limit ${limit}`,
  );
  return found.length < limit ? null : found;
}

/**
 * The first services of each text, merged. Of many texts a few of each tell how far the page can
 * reach; then each is asked only up to there.
 */
function searchServices(
  tx: SiteTransaction,
  wish: ServiceWish,
  search: Search,
): Promise<readonly Row[]> {
  const { groupId, limit } = wish;
  const ofTexts = (each: RawBuilder<unknown>, upTo: RawBuilder<unknown>) => sql`
    select p.* from k cross join lateral (
      select s.address, s.group_id, s.protocol, s.port from service_intervals as s
      where s.search_key = k.key and s.valid_to is null and ${upTo}
        and ${all([groupId !== undefined && sql`s.group_id = ${groupId}`, matches(wish)])}
      order by s.address, s.group_id, s.protocol, s.port limit ${each}) as p
    order by p.address, p.group_id, p.protocol, p.port`;
  const few = sql`(select greatest(2, 2 * ${limit}::int / greatest(1, count(*))) from k)`;
  const upTo = sql`(s.address, s.group_id) <= ((select address from reach), (select group_id from reach))`;
  return run(
    tx,
    sql<Row>`with k as materialized (select distinct k.key from ${keysOf(search)}),
        begun as materialized (${ofTexts(few, sql`true`)}),
        reach as materialized (
          (select address, group_id from begun offset ${limit - 1} limit 1)
          union all select ${LAST.address}::inet, ${LAST.groupId}::uuid limit 1)
      select distinct ${ORDER} from (${ofTexts(sql`${limit}`, upTo)}) as f order by ${ORDER} limit ${limit}`,
  );
}

/** Behind all others. */
const LAST = {
  address: 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
  groupId: 'ffffffff-ffff-ffff-ffff-ffffffffffff',
};

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
    .select(['g.name as group_name', 'h.names', 'h.target_name'])
    .select(sql<HostStatusCode>`${sql.raw(toldStatus('h'))}`.as('host_status'))
    .orderBy('k.place')
    .execute();
}
