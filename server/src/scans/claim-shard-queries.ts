import { sql } from 'kysely';
import { readAddressSet } from '../db/address-set.ts';
import type { SiteTransaction } from '../db/database.ts';
import { SHARD_COLUMNS, type ShardKey, type ShardRow } from './shard-queries.ts';

/**
 * Takes a shard for this attempt of a job: the one that the job held when its last worker vanished, else
 * the next of its site that waits; only if its scan still runs. The `key` names the job alone. Undefined:
 * there is nothing to do any more.
 */
export async function claimShard(
  tx: SiteTransaction,
  key: ShardKey,
): Promise<ShardRow | undefined> {
  const place = (await selectHeld(tx, key)) ?? (await lockNext(tx));
  if (!place) return undefined;
  const row = await tx
    .updateTable('shards')
    .set({
      status: 'running',
      job_scan_id: key.scanId,
      job_number: key.number,
      attempts: sql`attempts + 1`,
      started_at: sql`now()`,
      progress: JSON.stringify({ fraction: 0, hostsUp: 0, servicesOpen: 0 }),
    })
    .where('scan_id', '=', place.scan_id)
    .where('number', '=', place.number)
    .where('status', 'in', ['queued', 'running'])
    .where(scanIs('shards', 'running'))
    .returning(SHARD_COLUMNS)
    .executeTakeFirst();
  return row && { ...row, addresses: readAddressSet(row.addresses) };
}

/** The scan of a shard, a row of this name, has this status. */
function scanIs(shard: 'shards' | 'sh', status: 'running' | 'cancelling') {
  return sql<boolean>`exists (select from scans where id = ${sql.ref(`${shard}.scan_id`)} and status = ${status})`;
}

/** The shard that a job holds; of jobs from before they held any, the one that they name. */
function selectHeld(tx: SiteTransaction, { scanId, number }: ShardKey) {
  return tx
    .selectFrom('shards')
    .select(['scan_id', 'number'])
    .where('status', '=', 'running')
    .where(
      sql<boolean>`(job_scan_id = ${scanId} and job_number = ${number}
        or job_scan_id is null and scan_id = ${scanId} and number = ${number})`,
    )
    .limit(1)
    .executeTakeFirst();
}

/** The next shard of the site, locked; those that others just take are passed over. */
function lockNext(tx: SiteTransaction) {
  return tx
    .selectFrom('shards as sh')
    .select(['sh.scan_id', 'sh.number'])
    .where('sh.status', '=', 'queued')
    .where(scanIs('sh', 'running'))
    .orderBy('sh.turn')
    .orderBy('sh.scan_id')
    .orderBy('sh.number')
    .limit(1)
    .forUpdate('sh')
    .skipLocked()
    .executeTakeFirst();
}

/** Ends the shard of a cancelled scan that a job holds whose worker vanished. Answers its scan; null: there is none. */
export async function cancelAbandonedShard(
  tx: SiteTransaction,
  key: ShardKey,
): Promise<string | null> {
  const place = await selectHeld(tx, key);
  if (!place) return null;
  const { numUpdatedRows } = await tx
    .updateTable('shards')
    .set({ status: 'cancelled', finished_at: sql`now()` })
    .where('scan_id', '=', place.scan_id)
    .where('number', '=', place.number)
    .where('status', '=', 'running')
    .where(scanIs('shards', 'cancelling'))
    .executeTakeFirst();
  return numUpdatedRows > 0n ? place.scan_id : null;
}
