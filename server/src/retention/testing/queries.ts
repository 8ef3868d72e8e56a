import type { Database } from '../../db/database.ts';

/** Every column that says when something was. */
const TIMES: Readonly<Record<string, readonly string[]>> = {
  scans: ['created_at', 'started_at', 'finished_at'],
  shards: ['started_at', 'finished_at'],
  sight_bases: ['created_at'],
  hosts: ['status_since', 'first_seen_at'],
  host_intervals: ['valid_from', 'valid_to'],
  service_intervals: ['valid_from', 'valid_to'],
  deltas: ['at'],
  refutations: ['at'],
  notifications: ['created_at', 'sent_at'],
};

/** Lets all that is stored be so many days older. */
export async function passDays({ pool }: Database, days: number): Promise<void> {
  for (const [table, columns] of Object.entries(TIMES)) {
    const changes = columns.map((column) => `${column} = ${column} - interval '${days} days'`);
    await pool.query(`update ${table} set ${changes.join(', ')}`);
  }
}

/** How many rows of a table the site has. */
export async function countRows(
  { pool }: Database,
  table: string,
  siteId: string,
): Promise<number> {
  const { rows } = await pool.query(
    `select count(*)::int as count from ${table} where site_id = $1`,
    [siteId],
  );
  return rows[0].count;
}
