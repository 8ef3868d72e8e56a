import type { RawBuilder } from 'kysely';
import type { SiteTransaction } from '../db/database.ts';

export async function run<Row>(
  tx: SiteTransaction,
  query: RawBuilder<Row>,
): Promise<readonly Row[]> {
  return (await query.execute(tx)).rows;
}
