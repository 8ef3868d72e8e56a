import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../db/testing/test-database.ts';
import { columnOf, FACTS, type Fact, NOT_EXPORTED } from './facts.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.close());

/** A migration that adds a column has to decide here whether people can take it with them. */
it('every column of a site is exported, or it is said why not', async () => {
  const { rows } = await test.database.pool.query<{ table: string; column: string }>(`
    select table_name as "table", column_name as "column" from information_schema.columns as c
    where table_schema = 'public' and column_name <> 'site_id' and (table_name = 'sites' or exists (
      select from information_schema.columns as k where k.table_schema = 'public'
        and k.table_name = c.table_name and k.column_name = 'site_id'))`);
  const facts: Fact[] = Object.values(FACTS);
  const exported = facts.flatMap(({ table, fields }) =>
    Object.entries(fields).map(([name, field]) => `${table}.${columnOf(name, field)}`),
  );
  // Those of the first line.
  const told = new Set([...exported, 'sites.id', 'sites.slug', 'sites.name']);
  const forgotten = rows.filter(
    ({ table, column }) =>
      !told.has(`${table}.${column}`) &&
      !(table in NOT_EXPORTED) &&
      !(`${table}.${column}` in NOT_EXPORTED),
  );
  expect(forgotten.map(({ table, column }) => `${table}.${column}`)).toEqual([]);
  expect(rows.length).toBeGreaterThan(100);
});
