import { readAddressSearch } from '@netdelta/core/target/read-address-search.ts';
import { sql } from 'kysely';
import type { SiteTransaction } from '../db/database.ts';
import {
  chooseRareWay,
  chooseWay,
  type HostFilter,
  type HostKey,
  streamHosts,
  type Way,
} from './host-stream-queries.ts';
import { run } from './ordered-rows-queries.ts';
import { holdsSearch, readSearch } from './search-text-queries.ts';

export interface HostWish extends HostFilter {
  /** Part of an address, a name, a MAC address, a system, a service's name, product or version. */
  readonly text?: string | undefined;
  readonly limit: number;
}

type Row = Readonly<{ address: string; group_id: string }>;
type TextWish = HostWish & { readonly text: string };

/**
 * The hosts of a page, in order. However many there are, only about as many are touched as are
 * answered: see decisions 21 and 29.
 */
export async function findHosts(tx: SiteTransaction, wish: HostWish): Promise<HostKey[]> {
  const { text, limit, ...filter } = wish;
  if (!text) {
    const way = await chooseWay(tx, filter);
    return (await run(tx, streamHosts(way, filter, { limit }))).map(keyOf);
  }
  const rare = await chooseRareWay(tx, filter);
  const asked = { ...wish, text };
  return (rare ? await searchAlong(tx, rare, asked) : await searchTexts(tx, asked)).map(keyOf);
}

/** Looks through all hosts of a filter that leaves few. */
async function searchAlong(tx: SiteTransaction, way: Way, { text, limit, ...filter }: TextWish) {
  const condition = holdsSearch(await readSearch(tx, text));
  return run(
    tx,
    sql<Row>`select t.address, t.group_id from (${streamHosts(way, filter, { limit: null })}) as t
      cross join lateral (select from hosts as h
        where h.address = t.address and h.group_id = t.group_id and ${condition} offset 0) as h
      order by t.address, t.group_id limit ${limit}`,
  );
}

/** Asks the indexes of texts, and leaves out what the filter does not hold. */
function searchTexts(tx: SiteTransaction, { text: typed, limit, ...filter }: TextWish) {
  const { groupId = null, status = null, port = null, beyond } = filter;
  const text = typed.toLowerCase();
  const ranges = readAddressSearch(text);
  return run(
    tx,
    sql<Row>`select address, group_id from search_hosts(${text}, ${ranges?.map(({ first }) => first) ?? null}::inet[],
      ${ranges?.map(({ last }) => last) ?? null}::inet[], ${groupId}::uuid, ${status}::smallint, ${port}::int,
      ${beyond?.address ?? null}::inet, ${beyond?.groupId ?? null}::uuid, ${limit})`,
  );
}

function keyOf({ address, group_id }: Row): HostKey {
  return { address, groupId: group_id };
}
