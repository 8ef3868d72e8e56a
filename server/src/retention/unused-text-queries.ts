import { sql } from 'kysely';
import type { SiteTransaction } from '../db/database.ts';

/** Many, for most of them are used: one look into an index each. */
const LOOKED_AT_ONCE = 2_000;
const TAKEN_AT_ONCE = 500;
/** No statement that found a text before it was noted as unused is still on its way after so long. */
const NOTED_FOR = sql`interval '1 day'`;

const isUsed = sql`exists (select from service_intervals as s
  where s.site_id = t.site_id and s.search_key = t.key and s.valid_to is null)`;
const hasTwin = sql`exists (select from service_texts as o
  where o.site_id = t.site_id and o.key = t.key and o.unused_since is null)`;

/**
 * Notes which texts no open service of the site has, of the next ones after a key. Answers the last key
 * that was looked at; null: there are no more.
 */
export async function noteUnusedTexts(
  tx: SiteTransaction,
  siteId: string,
  beyond: string,
): Promise<string | null> {
  const { rows } = await sql<{ last: string | null; looked: number }>`
    with next as materialized (
      select t.ctid as place, t.key, ${isUsed} as used from service_texts as t
      where t.site_id = ${siteId} and t.key > ${beyond}::bigint and t.unused_since is null
      order by t.key limit ${LOOKED_AT_ONCE}
    ), noted as (
      update service_texts as t set unused_since = now()
      where ctid = any(array(select place from next where not used))
    )
    select max(key)::text as last, count(*)::int as looked from next`.execute(tx);
  const { last = null, looked = 0 } = rows[0] ?? {};
  return looked < LOOKED_AT_ONCE ? null : last;
}

/** Takes the note from texts that were found again while it was written, and are kept nowhere else. */
export async function keepUsedTexts(tx: SiteTransaction, siteId: string): Promise<void> {
  await sql`update service_texts as t set unused_since = null
    where t.site_id = ${siteId} and t.unused_since is not null and ${isUsed} and not ${hasTwin}`.execute(
    tx,
  );
}

/** Deletes the next texts that were noted long enough ago. False: there are none left. */
export async function deleteUnusedTexts(tx: SiteTransaction, siteId: string): Promise<boolean> {
  const { numAffectedRows = 0n } = await sql`
    delete from service_texts as gone where ctid = any(array(
      select t.ctid from service_texts as t
      where t.site_id = ${siteId} and t.unused_since < now() - ${NOTED_FOR} and (not ${isUsed} or ${hasTwin})
      limit ${TAKEN_AT_ONCE}))`.execute(tx);
  return numAffectedRows >= BigInt(TAKEN_AT_ONCE);
}

/** The smallest key that there can be is greater. */
export const BEFORE_ALL_KEYS = '-9223372036854775808';
