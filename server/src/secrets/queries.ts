import { type Kysely, sql, type Transaction } from 'kysely';
import type { Tables } from '../db/tables.ts';
import type { SealedColumn, StoredSecret } from './sealed-column.ts';

type Db = Kysely<Tables>;

/** One page of a column's values, by the text of their rows' names. */
export async function selectSecrets(
  db: Db,
  { table, column, row, site }: SealedColumn,
  { after, limit }: { after: string; limit: number },
): Promise<StoredSecret[]> {
  const name = sql<string>`${sql.ref(row)}::text`;
  const siteId = site === null ? sql<null>`null` : sql<string>`${sql.ref(site)}::text`;
  const { rows } = await sql<Pick<StoredSecret, 'row' | 'siteId' | 'stored'>>`
    select ${name} as row, ${siteId} as "siteId", ${sql.ref(column)} as stored
    from ${sql.table(table)}
    where ${sql.ref(column)} is not null and ${name} > ${after}
    order by ${name} limit ${limit}`.execute(db);
  return rows.map((found) => ({ table, column, ...found }));
}

/** Replaces a value by another sealing of the same; false when it is not there any more as it was. */
export async function updateSecret(
  db: Db,
  { table, column, row }: SealedColumn,
  secret: StoredSecret,
  sealed: string,
): Promise<boolean> {
  const { numAffectedRows = 0n } = await sql`
    update ${sql.table(table)} set ${sql.ref(column)} = ${sealed}
    where ${sql.ref(row)}::text = ${secret.row} and ${sql.ref(column)} = ${secret.stored}`.execute(
    db,
  );
  return numAffectedRows > 0n;
}

/** How many values of a column each key has sealed, by the key's id; null for what was never sealed. */
export async function selectKeyUse(
  db: Db,
  { table, column }: SealedColumn,
): Promise<readonly { readonly keyId: string | null; readonly count: number }[]> {
  const value = sql.ref(column);
  const { rows } = await sql<{ keyId: string | null; count: number }>`
    select case when ${value} like 'nd1.%' then split_part(${value}, '.', 2) end as "keyId", count(*)::int as count
    from ${sql.table(table)} where ${value} is not null group by 1`.execute(db);
  return rows;
}

/** Whether nobody else exchanges keys now; until the transaction ends nobody can. */
export async function lockRotation(tx: Transaction<Tables>): Promise<boolean> {
  const { rows } = await sql<{ mine: boolean }>`
    select pg_try_advisory_xact_lock(hashtextextended('secrets rotate', 0)) as mine`.execute(tx);
  return rows[0]?.mine ?? false;
}
