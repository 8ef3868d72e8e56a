import { type RawBuilder, sql } from 'kysely';
import type { SiteTransaction } from '../db/database.ts';

export async function run<Row>(
  tx: SiteTransaction,
  query: RawBuilder<Row>,
): Promise<readonly Row[]> {
  return (await query.execute(tx)).rows;
}

/** Whether the query, of at most `most` rows, has that many. */
export async function isFull(
  tx: SiteTransaction,
  query: RawBuilder<unknown>,
  most: number,
): Promise<boolean> {
  const { rows } = await sql`select from (${query}) as q offset ${most - 1} limit 1`.execute(tx);
  return rows.length > 0;
}
