import { type RawBuilder, sql } from 'kysely';
import type { SiteTransaction } from '../db/database.ts';
import {
  all,
  chooseWay,
  type HostFilter,
  type HostKey,
  isBetween,
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
/** And so many at most while that promises a whole page: with their services, and by their own texts alone. */
const TRIED_MOST = 3_000;
const WALKED = 1_000;
const WALKED_MOST = 30_000;

/**
 * The hosts of a page, in order. However many there are, only about as many are touched as are
 * answered: see decision 21.
 */
export async function findHosts(tx: SiteTransaction, wish: HostWish): Promise<HostKey[]> {
  const { text, limit, ...filter } = wish;
  const way = await chooseWay(tx, filter);
  if (!text) return (await run(tx, streamHosts(way, filter, { limit }))).map(keyOf);
  const question = { way, filter, search: await readSearch(tx, text), limit };
  return ((await tryFirst(tx, question)) ?? (await searchHosts(tx, question))).map(keyOf);
}

interface Question {
  readonly way: Way;
  readonly filter: HostFilter;
  readonly search: Search;
  readonly limit: number;
}

/** Looks through the first hosts of the list; undefined: they do not suffice, and there are more. */
async function tryFirst(
  tx: SiteTransaction,
  question: Question,
): Promise<readonly Row[] | undefined> {
  const condition = holdsSearch(question.search);
  const short = await walk(tx, question, { most: TRIED, condition });
  if (short.ended) return short.found;
  // The texts' index knows nothing of other filters, and would lead to many hosts in vain.
  const needed = reckonWalk(question, TRIED, short.found);
  if (question.way === 'address' || needed > TRIED_MOST) return undefined;
  const long = await walk(tx, question, { most: needed, condition });
  return long.ended ? long.found : undefined;
}

/** How many hosts have probably to be looked at for a page, with some to spare. */
function reckonWalk({ limit }: Question, walked: number, found: readonly Row[]): number {
  return Math.ceil((2 * walked * limit) / found.length);
}

/** Looks through the next hosts of the list. `ended`: no other host of the page can follow. */
async function walk(
  tx: SiteTransaction,
  { way, filter, limit }: Question,
  { most, condition }: { most: number; condition: RawBuilder<unknown> },
): Promise<{ found: readonly Row[]; ended: boolean }> {
  const walked = streamHosts(way, filter, { limit: most });
  const found = await run(
    tx,
    sql<Row>`select t.address, t.group_id from (${walked}) as t join hosts as h using (address, group_id)
      where ${condition} order by t.address, t.group_id limit ${limit}`,
  );
  const ended = found.length >= limit || !(await isFull(tx, walked, most));
  return { found, ended };
}

/** Asks each index in its own order, and merges: services by their texts, hosts by their own. */
async function searchHosts(tx: SiteTransaction, question: Question): Promise<readonly Row[]> {
  const ofServices = await searchServices(tx, question);
  const last = ofServices[question.limit - 1];
  const upTo = last && keyOf(last);
  const ofHosts = await searchHostTexts(tx, {
    ...question,
    filter: { ...question.filter, upTo },
  });
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
        isBetween('o', filter),
        filter.groupId !== undefined && sql`o.group_id = ${filter.groupId}`,
        narrowed && ofHost,
      ])}
      group by o.address, o.group_id order by o.address, o.group_id limit ${limit}) as p
      order by p.address, p.group_id limit ${limit}`,
  );
}

/** Walks on while that promises to be shorter; what is too rare for it is in the index. */
async function searchHostTexts(tx: SiteTransaction, question: Question): Promise<readonly Row[]> {
  const { filter, search, limit } = question;
  if (search.ranges) return searchAddresses(tx, filter, { ranges: search.ranges, limit });
  const condition = hostHolds(search);
  const short = await walk(tx, question, { most: WALKED, condition });
  if (short.ended) return short.found;
  const needed = reckonWalk(question, WALKED, short.found);
  // A walk along a status or a port takes as many hosts from each group.
  if (needed <= (question.way === 'address' ? WALKED_MOST : TRIED_MOST)) {
    const long = await walk(tx, question, { most: needed, condition });
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
        and ${all([isBetween('h', filter), matchesFilter(filter)])}
      order by h.address, h.group_id limit ${limit}) as p`,
  );
}
