import { hostStatusCode } from '@netdelta/core/host/status.ts';
import type { ScanOptions } from '@netdelta/core/profile/options.ts';
import { sql } from 'kysely';
import type { Database, SiteTransaction } from '../db/database.ts';

/** The scan of the group that came from a file with this digest. */
export function selectScanOfFile(tx: SiteTransaction, groupId: string, digest: Buffer) {
  return tx
    .selectFrom('scans')
    .select(['id', 'file_name', 'finished_at'])
    .where('group_id', '=', groupId)
    .where('file_digest', '=', digest)
    .executeTakeFirst();
}

/** When the group was last looked at, and when its targets were last edited; null: never. */
export async function selectNewest(
  tx: SiteTransaction,
  groupId: string,
): Promise<{ scan: Date | null; edit: Date | null }> {
  const scan = await tx
    .selectFrom('scans')
    .select(sql<Date>`greatest(created_at, finished_at)`.as('at'))
    .where('group_id', '=', groupId)
    .where('status', 'in', ['finished', 'partial', 'cancelled'])
    .where('started_at', 'is not', null)
    .orderBy('created_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  const edit = await tx
    .selectFrom('deltas')
    .select('at')
    .where('group_id', '=', groupId)
    .where('scan_id', 'is', null)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return { scan: scan?.at ?? null, edit: edit?.at ?? null };
}

/** Whether anything is believed in a group yet. */
export async function hasHosts(tx: SiteTransaction, groupId: string): Promise<boolean> {
  const row = await tx
    .selectFrom('hosts')
    .select('group_id')
    .where('group_id', '=', groupId)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

export interface ImportedScan {
  readonly at: Date;
  readonly startedAt: Date;
  readonly fileName: string;
  readonly digest: Buffer;
  readonly options: ScanOptions;
}

/** Gives a scan that has just begun the times and the making of the file that it comes from. */
export async function updateScanImported(
  tx: SiteTransaction,
  scanId: string,
  scan: ImportedScan,
): Promise<void> {
  await tx
    .updateTable('scans')
    .set({
      created_at: scan.at,
      started_at: scan.startedAt,
      file_name: scan.fileName,
      file_digest: scan.digest,
      options: JSON.stringify(scan.options),
    })
    .where('id', '=', scanId)
    .execute();
}

/** One page of the hosts of a group whose silence would say something, in order. */
export async function selectHeedful(
  tx: SiteTransaction,
  groupId: string,
  { beyond, limit }: { beyond: string | null; limit: number },
): Promise<string[]> {
  const idle = [hostStatusCode('ABSENT'), hostStatusCode('REMOVED')];
  const rows = await tx
    .selectFrom('hosts')
    .select('address')
    .where('group_id', '=', groupId)
    .where('status', 'not in', idle)
    .$if(beyond !== null, (q) => q.where(sql<boolean>`address > ${beyond}::inet`))
    .orderBy('address')
    .limit(limit)
    .execute();
  return rows.map(({ address }) => address);
}

/** How many deltas of a scan have each rating. */
export async function selectRatingCounts(
  tx: SiteTransaction,
  scanId: string,
): Promise<Record<string, number>> {
  const rows = await tx
    .selectFrom('deltas')
    .select([
      sql<string>`coalesce(rating, 'none')`.as('rating'),
      sql<number>`count(*)::int`.as('count'),
    ])
    .where('scan_id', '=', scanId)
    .groupBy('rating')
    .execute();
  return Object.fromEntries(rows.map(({ rating, count }) => [rating, count]));
}

/** Marks a point to which the transaction can be taken back. */
export async function markSavepoint(tx: SiteTransaction): Promise<void> {
  await sql`savepoint file`.execute(tx);
}

export async function rollBackToSavepoint(tx: SiteTransaction): Promise<void> {
  await sql`rollback to savepoint file`.execute(tx);
}

/**
 * Tells the planner what the tables hold: until then it takes a group that was just filled for an
 * empty one, and reads all of it for each shard of the next scan.
 */
export async function analyzeTables({ system }: Database): Promise<void> {
  await sql`analyze hosts, host_intervals, service_intervals, deltas`.execute(system);
}
