import { writeAddressSet } from '../../db/address-set.ts';
import type { Database, SiteTransaction } from '../../db/database.ts';
import type { Place } from '../belief-queries.ts';

/** The status of a scan. */
export async function selectScanStatus(database: Database, scanId: string): Promise<string> {
  const { status } = await database.system
    .selectFrom('scans')
    .select('status')
    .where('id', '=', scanId)
    .executeTakeFirstOrThrow();
  return status;
}

/** Whether all shards of a scan but one have ended. */
export async function isLastShard({ system }: Database, scanId: string): Promise<boolean> {
  const scan = await system
    .selectFrom('scans')
    .select(['shard_count', 'shards_done'])
    .where('id', '=', scanId)
    .executeTakeFirstOrThrow();
  return scan.shard_count > 0 && scan.shards_done === scan.shard_count - 1;
}

/** Stores a scan that has ended and covered these addresses. */
export function insertEndedScan(
  tx: SiteTransaction,
  { siteId, groupId, scanId, at }: Place,
  { number, covered }: { number: number; covered: readonly string[] },
) {
  return tx
    .insertInto('scans')
    .values({
      ...{ id: scanId, site_id: siteId, group_id: groupId, number, first: number === 1 },
      ...{ status: 'finished', trigger: 'person', profile_name: 'x', options: '{}', down_after: 1 },
      ...{ created_at: at, started_at: at, finished_at: at, covered: writeAddressSet(covered) },
    })
    .returningAll()
    .executeTakeFirstOrThrow();
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
