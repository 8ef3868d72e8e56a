import { sql } from 'kysely';
import type { Database } from '../db/database.ts';

/** What counts and notes requests themselves, right ones and wrong ones. */
const VOLATILE = new Set(['attempts', 'known_places', 'sessions']);

/** A print of each table that differs when any of its rows does, but for when something was last used. */
export async function selectPrints({ system }: Database): Promise<Record<string, string>> {
  const { rows } = await sql<{ name: string }>`
    select table_name as name from information_schema.tables
    where table_schema = 'public' and table_type = 'BASE TABLE' order by 1`.execute(system);
  const prints: Record<string, string> = {};
  for (const { name } of rows.filter((row) => !VOLATILE.has(row.name))) {
    // That somebody was refused, or took the facts along, is written down.
    const told = sql`where action not in ('session.refused', 'facts.exported')`;
    const { rows: found } = await sql<{ print: string; rows: number }>`
      select count(*)::int as rows, md5(coalesce(string_agg((to_jsonb(t) - 'last_used_at')::text, '|'
        order by to_jsonb(t)::text), '')) as print
      from ${sql.table(name)} as t ${name === 'audit_entries' ? told : sql``}`.execute(system);
    prints[name] = `${found[0]?.rows} ${found[0]?.print}`;
  }
  return prints;
}

/** How many jobs of each kind there are. */
export async function selectJobCounts({ system }: Database): Promise<Record<string, number>> {
  const { rows } = await sql<{ name: string; jobs: number }>`
    select name, count(*)::int as jobs from pgboss.job group by 1`.execute(system);
  return Object.fromEntries(rows.map(({ name, jobs }) => [name, jobs]));
}
