import { readAddressSearch } from '@netdelta/core/target/read-address-search.ts';
import { type RawBuilder, sql } from 'kysely';
import type { SiteTransaction } from '../db/database.ts';

/** More different texts than this are not asked for one by one. */
const MOST_KEYS = 300;
const ALL = 2_147_483_647;

/** Hosts are searched for this text, in small letters; and where it reads as addresses, by these instead of it. */
export interface Sought {
  readonly text: string;
  readonly firsts: readonly string[] | null;
  readonly lasts: readonly string[] | null;
}

export function readSought(typed: string): Sought {
  const text = typed.toLowerCase();
  const ranges = readAddressSearch(text);
  return {
    text,
    firsts: ranges?.map(({ first }) => first) ?? null,
    lasts: ranges?.map(({ last }) => last) ?? null,
  };
}

/** Services are searched for this text, in small letters. */
export interface Search {
  readonly text: string;
  /** Of the services' texts that hold it; null: there are too many. */
  readonly keys: readonly string[] | null;
}

export async function readSearch(tx: SiteTransaction, typed: string): Promise<Search> {
  const text = typed.toLowerCase();
  const { rows } = await sql<{ key: string }>`
    select search_service_texts(${text}, ${MOST_KEYS + 1}) as key`.execute(tx);
  return { text, keys: rows.length > MOST_KEYS ? null : rows.map(({ key }) => key) };
}

/** The keys of the services' texts that hold the search, as rows of one column `key`. */
export function keysOf({ text, keys }: Search): RawBuilder<unknown> {
  return keys
    ? sql`unnest(${keys}::bigint[]) as k (key)`
    : sql`search_service_texts(${text}, ${ALL}) as k (key)`;
}

/** The service `s` holds the search. */
export function serviceHolds({ text, keys }: Search): RawBuilder<unknown> {
  return keys
    ? sql`s.search_key = any(${keys}::bigint[])`
    : sql`position(${text} in service_search(s.service)) > 0`;
}
