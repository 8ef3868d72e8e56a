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
import { readSought } from './search-text-queries.ts';

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
  return (await (rare ? searchAlong(tx, rare, asked) : searchTexts(tx, asked))).map(keyOf);
}

/** Searches all hosts of a filter that leaves few. */
function searchAlong(tx: SiteTransaction, way: Way, { text, limit, port, ...others }: TextWish) {
  const along = streamHosts(way, way === 'port' ? { ...others, port } : others, { limit: null });
  return run(
    tx,
    sql<Row>`select f.address, f.group_id from (
        select array_agg(t.address) as addresses, array_agg(t.group_id) as groups
        from (${along}) as t) as t
      cross join lateral search_among(${sought(text)}, ${way === 'port' ? null : (port ?? null)}::int,
        t.addresses, t.groups, ${limit}) as f`,
  );
}

/** Asks the indexes of texts, and leaves out what the filter does not hold. */
function searchTexts(tx: SiteTransaction, { text, limit, ...filter }: TextWish) {
  const { groupId = null, status = null, port = null, beyond } = filter;
  return run(
    tx,
    sql<Row>`select address, group_id from search_hosts(${sought(text)}, ${groupId}::uuid, ${status}::smallint, ${port}::int,
      ${beyond?.address ?? null}::inet, ${beyond?.groupId ?? null}::uuid, ${limit})`,
  );
}

function sought(typed: string) {
  const { text, firsts, lasts } = readSought(typed);
  return sql`${text}, ${firsts}::inet[], ${lasts}::inet[]`;
}

function keyOf({ address, group_id }: Row): HostKey {
  return { address, groupId: group_id };
}
