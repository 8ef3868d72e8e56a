import type { Database } from '../../db/database.ts';

/** The scans of a site that are not over, each with its state. */
export async function selectScanStates(
  { system }: Database,
  siteId: string,
): Promise<Record<string, string>> {
  const rows = await system
    .selectFrom('scans')
    .select(['id', 'status'])
    .where('site_id', '=', siteId)
    .where('status', 'in', ['waiting', 'running', 'cancelling'])
    .execute();
  return Object.fromEntries(rows.map(({ id, status }) => [id, status]));
}
