import { sql } from 'kysely';
import type { SiteTransaction } from '../db/database.ts';
import {
  all,
  chooseWay,
  type HostFilter,
  type HostKey,
  isBeyond,
  matchesFilter,
  streamHosts,
  type Way,
} from './host-stream-queries.ts';
import { isFull, run } from './ordered-rows-queries.ts';
import {
  holdsSearch,
  hostHolds,
  keysOf,
  rangesOf,
  readSearch,
  type Search,
} from './search-text-queries.ts';

export interface HostWish extends HostFilter {
  /** Part of an address, a name, a MAC address, a system, a service's name, product or version. */
  readonly text?: string | undefined;
  readonly limit: number;
}

type Row = Readonly<{ address: string; group_id: string }>;

/** So many hosts are looked at before a search asks the indexes: a frequent text is found among them. */
const TRIED = 150;
const WALKED = 1_000;
const WALKED_MOST = 30_000;
/** Shorter texts are in no index. */
const SHORTEST_INDEXED = 3;

/**
 * The hosts of a page, in order. However many there are, only about as many are touched as are
 * answered: see decision 21.
 */
export async function findHosts(tx: SiteTransaction, wish: HostWish): Promise<HostKey[]> {
  const { text, limit, ...filter } = wish;
  const way = await chooseWay(tx, filter);
  if (!text) return (await run(tx, streamHosts(way, filter, { limit }))).map(keyOf);
  const search = await readSearch(tx, text);
  const tried = await tryFirst(tx, way, { filter, search, limit });
  return (tried ?? (await searchHosts(tx, { filter, search, limit }))).map(keyOf);
}

interface Question {
  readonly filter: HostFilter;
  readonly search: Search;
  readonly limit: number;
}

/** Looks through the first hosts of the list; undefined: they did not suffice, and there are more. */
async function tryFirst(
  tx: SiteTransaction,
  way: Way,
  { filter, search, limit }: Question,
): Promise<readonly Row[] | undefined> {
  const first = streamHosts(way, filter, { limit: TRIED });
  const found = await run(
    tx,
    sql<Row>`select t.address, t.group_id from (${first}) as t join hosts as h using (address, group_id)
      where ${holdsSearch(search)} order by t.address, t.group_id limit ${limit}`,
  );
  if (found.length >= limit || !(await isFull(tx, first, TRIED))) return found;
  return undefined;
}

/** Asks each index in its own order, and merges: services by their texts, hosts by their own. */
async function searchHosts(tx: SiteTransaction, question: Question): Promise<readonly Row[]> {
  const ofServices = await searchServices(tx, question);
  const last = ofServices[question.limit - 1];
  const ofHosts = await searchHostTexts(tx, question, last);
  return mergeRows(tx, [...ofServices, ...ofHosts], question.limit);
}

/** The first of these rows, each once. The database knows the order of addresses. */
function mergeRows(
  tx: SiteTransaction,
  rows: readonly Row[],
  limit: number,
): Promise<readonly Row[]> {
  return run(
    tx,
    sql<Row>`select distinct address, group_id
      from unnest(${rows.map(({ address }) => address)}::inet[], ${rows.map((row) => row.group_id)}::uuid[]) as r (address, group_id)
      order by address, group_id limit ${limit}`,
  );
}

function keyOf({ address, group_id }: Row): HostKey {
  return { address, groupId: group_id };
}

/** Of each text the first services, in order. */
function searchServices(
  tx: SiteTransaction,
  { filter, search, limit }: Question,
): Promise<readonly Row[]> {
  const ofHost = sql`exists (select from hosts as h where h.site_id = o.site_id and h.group_id = o.group_id
    and h.address = o.address and ${matchesFilter(filter)} offset 0)`;
  const narrowed = filter.status !== undefined || filter.port !== undefined;
  return run(
    tx,
    sql<Row>`select distinct p.address, p.group_id from ${keysOf(search)} cross join lateral (
      select o.address, o.group_id from service_intervals as o
      where o.search_key = k.key and o.valid_to is null and ${all([
        isBeyond('o', filter.beyond),
        filter.groupId !== undefined && sql`o.group_id = ${filter.groupId}`,
        narrowed && ofHost,
      ])}
      group by o.address, o.group_id order by o.address, o.group_id limit ${limit}) as p
      order by p.address, p.group_id limit ${limit}`,
  );
}

/** Walks on while that promises to be shorter; what is too rare for it is in the index. */
async function searchHostTexts(
  tx: SiteTransaction,
  question: Question,
  last: Row | undefined,
): Promise<readonly Row[]> {
  const { filter, search, limit } = question;
  if (search.ranges) return searchAddresses(tx, filter, { ranges: search.ranges, limit });
  const short = await walkHostTexts(tx, question, { last, most: WALKED });
  if (short.ended) return short.found;
  if (search.text.length < SHORTEST_INDEXED)
    return (await walkHostTexts(tx, question, { last, most: null })).found;
  if (short.found.length > 0) {
    const needed = Math.ceil((2 * WALKED * limit) / short.found.length);
    const long = await walkHostTexts(tx, question, { last, most: Math.min(needed, WALKED_MOST) });
    if (long.ended) return long.found;
  }
  const { groupId = null, status = null, port = null, beyond } = filter;
  return run(
    tx,
    sql<Row>`select address, group_id from search_hosts(${search.text}, ${groupId}::uuid, ${status}::smallint, ${port}::int,
      ${beyond?.address ?? null}::inet, ${beyond?.groupId ?? null}::uuid, ${limit})`,
  );
}

/** The first hosts of each range. */
function searchAddresses(
  tx: SiteTransaction,
  filter: HostFilter,
  { ranges, limit }: { ranges: NonNullable<Search['ranges']>; limit: number },
): Promise<readonly Row[]> {
  return run(
    tx,
    sql<Row>`select p.address, p.group_id from ${rangesOf(ranges)} cross join lateral (
      select h.address, h.group_id from hosts as h
      where h.address >= r.first and h.address <= r.last
        and ${all([isBeyond('h', filter.beyond), matchesFilter(filter)])}
      order by h.address, h.group_id limit ${limit}) as p`,
  );
}

/** Looks through the next hosts' own texts. `ended`: no other host of the page can follow. */
async function walkHostTexts(
  tx: SiteTransaction,
  { filter, search, limit }: Question,
  { last, most }: { last: Row | undefined; most: number | null },
): Promise<{ found: readonly Row[]; ended: boolean }> {
  const { groupId, beyond, ...rest } = filter;
  const walked = sql<Row>`select h.* from hosts as h
    where ${all([isBeyond('h', beyond), isUpTo(last), matchesFilter({ groupId })])}
    order by h.address, h.group_id limit ${most}`;
  const found = await run(
    tx,
    sql<Row>`select h.address, h.group_id from (${walked}) as h
      where ${all([hostHolds(search), matchesFilter(rest)])}
      order by h.address, h.group_id limit ${limit}`,
  );
  const ended = found.length >= limit || most === null || !(await isFull(tx, walked, most));
  return { found, ended };
}

function isUpTo(last: Row | undefined) {
  return last && sql`(h.address, h.group_id) <= (${last.address}::inet, ${last.group_id}::uuid)`;
}
