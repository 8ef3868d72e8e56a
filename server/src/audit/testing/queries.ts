import type { Database } from '../../db/database.ts';

/** Does to a site's entries what nobody may, as one who owns the database could. */
export async function changeEntries(
  { pool }: Database,
  siteId: string,
  statement: string,
): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query('alter table audit_entries disable trigger append_only');
    await client.query(`${statement.replace('where', `where site_id = '${siteId}' and`)}`);
    await client.query('alter table audit_entries enable trigger append_only');
    await client.query('commit');
  } finally {
    client.release();
  }
}
