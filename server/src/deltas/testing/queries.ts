import type { Database } from '../../db/database.ts';

/** The status of a scan. */
export async function selectScanStatus(database: Database, scanId: string): Promise<string> {
  const { status } = await database.system
    .selectFrom('scans')
    .select('status')
    .where('id', '=', scanId)
    .executeTakeFirstOrThrow();
  return status;
}

/** Every row of every table that a scan writes, as text: equal before and after when nothing changed. */
export async function selectEverything({ pool }: Database): Promise<string[]> {
  const tables = ['groups', 'scans', 'shards', 'hosts', 'deltas', 'refutations', 'notifications'];
  const intervals = ['host_intervals', 'service_intervals', 'coverages'];
  const all: string[] = [];
  for (const table of [...tables, ...intervals]) {
    const { rows } = await pool.query(`select t::text as row from ${table} as t order by 1`);
    all.push(...rows.map(({ row }) => `${table} ${row}`));
  }
  return all;
}
