import { sql } from 'kysely';
import type { Database } from '../../db/database.ts';

/** As many deltas as are wished: what makes a group large. */
export async function insertManyDeltas(
  { system }: Database,
  { siteId, groupId, count }: { siteId: string; groupId: string; count: number },
): Promise<void> {
  await sql`insert into deltas (site_id, group_id, at, kind, target, evidence)
    select ${siteId}, ${groupId}, now(), 'target.added', '10.0.0.' || n, '{}'
    from generate_series(1, ${count}) as n`.execute(system);
}

/** Every table that says by `group_id` to which group its rows belong. */
export async function selectTablesOfGroups({ system }: Database): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select c.table_name as name from information_schema.columns as c
    join information_schema.tables as t using (table_schema, table_name)
    where table_schema = 'public' and column_name = 'group_id' and table_type = 'BASE TABLE'
    order by 1`.execute(system);
  return rows.map(({ name }) => name);
}

/** The tables that still hold something of a group. */
export async function selectOfGroup(database: Database, groupId: string): Promise<string[]> {
  const left: string[] = [];
  for (const table of await selectTablesOfGroups(database)) {
    const { rows } =
      await sql`select from ${sql.table(table)} where group_id = ${groupId} limit 1`.execute(
        database.system,
      );
    if (rows.length > 0) left.push(table);
  }
  return left;
}
