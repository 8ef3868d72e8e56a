import { readAddressSearch } from '@netdelta/core/target/read-address-search.ts';
import { type RawBuilder, sql } from 'kysely';
import type { SiteTransaction } from '../db/database.ts';
import { hasService } from './host-stream-queries.ts';

/** More different texts than this are not asked for one by one. */
const MOST_KEYS = 300;
const ALL = 2_147_483_647;

/** What a person looks for: part of a text of hosts or services, in small letters. */
export interface Search {
  readonly text: string;
  /** Of the services' texts that hold it; null: there are too many. */
  readonly keys: readonly string[] | null;
  /** Where it reads as addresses: of hosts' own texts, these alone. */
  readonly ranges: readonly { readonly first: string; readonly last: string }[] | null;
}

export async function readSearch(tx: SiteTransaction, typed: string): Promise<Search> {
  const text = typed.toLowerCase();
  const { rows } = await sql<{ key: string }>`
    select search_service_texts(${text}, ${MOST_KEYS + 1}) as key`.execute(tx);
  const keys = rows.length > MOST_KEYS ? null : rows.map(({ key }) => key);
  return { text, keys, ranges: readAddressSearch(text) };
}

/** The keys of the services' texts that hold the search, as rows of one column `key`. */
export function keysOf({ text, keys }: Search): RawBuilder<unknown> {
  return keys
    ? sql`unnest(${keys}::bigint[]) as k (key)`
    : sql`search_service_texts(${text}, ${ALL}) as k (key)`;
}

/** The host `h` itself, or one of its open services, holds the search. */
function holdsSearch(search: Search): RawBuilder<unknown> {
  if (search.keys?.length === 0) return hostHolds(search);
  return sql`(${hostHolds(search)} or ${hasService(serviceHolds(search))})`;
}

/** The host `h` itself holds the search. */
function hostHolds({ text, ranges }: Search): RawBuilder<unknown> {
  if (!ranges) return sql`position(${text} in h.search) > 0`;
  return sql`exists (select from ${rangesOf(ranges)} where h.address between r.first and r.last)`;
}

/** The ranges that are looked for, as rows of `first` and `last`. */
function rangesOf(ranges: NonNullable<Search['ranges']>): RawBuilder<unknown> {
  const firsts = ranges.map(({ first }) => first);
  const lasts = ranges.map(({ last }) => last);
  return sql`unnest(${firsts}::inet[], ${lasts}::inet[]) as r (first, last)`;
}

/** The service `s` holds the search. */
export function serviceHolds({ text, keys }: Search): RawBuilder<unknown> {
  return keys
    ? sql`s.search_key = any(${keys}::bigint[])`
    : sql`position(${text} in service_search(s.service)) > 0`;
}
