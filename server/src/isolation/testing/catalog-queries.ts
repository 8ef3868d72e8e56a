import { type Kysely, sql } from 'kysely';
import type { Database, SiteTransaction } from '../../db/database.ts';
import type { Tables } from '../../db/tables.ts';

/** A table whose rows belong to sites, with the columns that can be written. */
export interface SiteTable {
  readonly name: string;
  readonly columns: readonly string[];
}

/** Every table of the schema `public`, by whether its rows belong to sites (they have `site_id`). */
export async function selectTables({ system }: Database) {
  const { rows } = await sql<{ name: string; columns: string[] }>`
    select t.table_name as name, (
      select array_agg(c.column_name order by c.ordinal_position) from information_schema.columns as c
      where c.table_schema = 'public' and c.table_name = t.table_name and c.is_generated = 'NEVER'
    ) as columns
    from information_schema.tables as t
    where t.table_schema = 'public' and t.table_type = 'BASE TABLE' order by 1`.execute(system);
  const isOfSites = ({ columns }: SiteTable) => columns.includes('site_id');
  return { ofSites: rows.filter(isOfSites), others: rows.filter((row) => !isOfSites(row)) };
}

/** What the application's role may do with a table, or with some of its columns. */
export async function selectRights({ system }: Database, table: string): Promise<string[]> {
  const { rows } = await sql<{ rights: string[] | null }>`
    select array_agg(distinct privilege_type::text order by privilege_type::text) as rights from (
      select privilege_type from information_schema.role_table_grants
      where grantee = 'netdelta_app' and table_schema = 'public' and table_name = ${table}
      union select privilege_type from information_schema.role_column_grants
      where grantee = 'netdelta_app' and table_schema = 'public' and table_name = ${table}
    ) as granted`.execute(system);
  return rows[0]?.rights ?? [];
}

/** How many rows of a site a table has. */
export async function selectCount(
  db: Kysely<Tables>,
  { name }: SiteTable,
  siteId?: string,
): Promise<number> {
  const own = siteId === undefined ? sql`true` : sql`site_id = ${siteId}`;
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from ${sql.table(name)} where ${own}`.execute(db);
  return rows[0]?.count ?? 0;
}

/** A text that differs as soon as any row of a site does, in any table. */
export async function selectFingerprint(
  { system }: Database,
  tables: readonly SiteTable[],
  siteId: string,
): Promise<Record<string, string>> {
  const prints: Record<string, string> = {};
  for (const { name } of tables) {
    const { rows } = await sql<{ print: string | null }>`
      select md5(string_agg(t::text, '|' order by t::text)) as print
      from ${sql.table(name)} as t where site_id = ${siteId}`.execute(system);
    prints[name] = rows[0]?.print ?? 'nothing';
  }
  return prints;
}

/** One way to reach rows of `other` from within the site that the transaction is in. Throws, or answers how many it reached. */
export type Crossing = (
  tx: SiteTransaction,
  table: SiteTable,
  sites: { own: string; other: string; example: object },
) => Promise<number>;

const count = async (query: Promise<{ numAffectedRows?: bigint; rows: unknown[] }>) => {
  const { numAffectedRows, rows } = await query;
  return Number(numAffectedRows ?? rows.length);
};

/** Reading and writing what belongs to another site, and giving it what is one's own. */
export const CROSSINGS: Readonly<Record<string, Crossing>> = {
  'read its rows': (tx, { name }, { other }) =>
    count(sql`select from ${sql.table(name)} where site_id = ${other}`.execute(tx)),
  'read all rows': (tx, { name }, { own }) =>
    count(sql`select from ${sql.table(name)} where site_id <> ${own}`.execute(tx)),
  'change its rows': (tx, { name }, { other }) =>
    count(
      sql`update ${sql.table(name)} set site_id = site_id where site_id = ${other}`.execute(tx),
    ),
  'delete its rows': (tx, { name }, { other }) =>
    count(sql`delete from ${sql.table(name)} where site_id = ${other}`.execute(tx)),
  'take its rows': (tx, { name }, { own, other }) =>
    count(sql`update ${sql.table(name)} set site_id = ${own} where site_id = ${other}`.execute(tx)),
  'give it own rows': (tx, { name }, { own, other }) =>
    count(sql`update ${sql.table(name)} set site_id = ${other} where site_id = ${own}`.execute(tx)),
  'add a row to it': (tx, { name, columns }, { example }) => {
    const all = sql.join(columns.map((column) => sql.ref(column)));
    return count(
      sql`insert into ${sql.table(name)} (${all}) overriding system value
        select ${all} from json_populate_record(null::${sql.table(name)}, ${JSON.stringify(example)})`.execute(
        tx,
      ),
    );
  },
};

/** A row of a site as JSON, to be written again; undefined: there is none. */
export async function selectExample(
  { system }: Database,
  { name }: SiteTable,
  siteId: string,
): Promise<object | undefined> {
  const { rows } = await sql<{ example: object }>`
    select to_json(t) as example from ${sql.table(name)} as t where site_id = ${siteId} limit 1`.execute(
    system,
  );
  return rows[0]?.example;
}

/** Switches row-level security off for all tables, or on again. */
export async function switchRowSecurity(
  { system }: Database,
  tables: readonly SiteTable[],
  on: boolean,
): Promise<void> {
  const words = sql.raw(on ? 'enable' : 'disable');
  for (const { name } of tables)
    await sql`alter table ${sql.table(name)} ${words} row level security`.execute(system);
}

/** Which site the transaction sees itself in, read with all rows that it can see of `table`. */
export async function selectSitesSeen(tx: SiteTransaction, table: SiteTable): Promise<string[]> {
  const { rows } = await sql<{ site_id: string }>`
    select distinct site_id::text from ${sql.table(table.name)}`.execute(tx);
  return rows.map(({ site_id }) => site_id);
}

/** What jobs carry, of whatever site. */
export async function selectJobs(tx: SiteTransaction): Promise<unknown[]> {
  const { rows } = await sql`select data from pgboss.job`.execute(tx);
  return rows;
}
