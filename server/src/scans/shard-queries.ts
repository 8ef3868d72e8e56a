import { type Selectable, sql } from 'kysely';
import { readAddressSet, writeAddressSet } from '../db/address-set.ts';
import type { SiteTransaction } from '../db/database.ts';
import type { ConfirmationCost, ShardProgress, ShardStatus, ShardsTable } from '../db/tables.ts';

export interface ShardKey {
  readonly siteId: string;
  readonly scanId: string;
  readonly number: number;
}

export type ShardRow = Omit<
  Selectable<ShardsTable>,
  | 'addresses'
  | 'output'
  | 'sight'
  | 'sight_base_id'
  | 'confirmation'
  | 'turn'
  | 'job_scan_id'
  | 'job_number'
> & { readonly addresses: string[] };

export const SHARD_COLUMNS = [
  'site_id',
  'scan_id',
  'number',
  'addresses',
  'address_count',
  'names',
  'status',
  'attempts',
  'engine',
  'engine_version',
  'arguments',
  'progress',
  'covered_count',
  'uncovered',
  'problem',
  'started_at',
  'finished_at',
] as const;

const ROWS_AT_ONCE = 500;

export async function insertShards(
  tx: SiteTransaction,
  scan: { siteId: string; scanId: string },
  shards: readonly {
    addresses: readonly string[];
    names: Record<string, string>;
    turn?: number;
  }[],
): Promise<void> {
  const rows = shards.map(({ addresses, names, turn = 0 }, number) => ({
    turn,
    site_id: scan.siteId,
    scan_id: scan.scanId,
    number,
    addresses: writeAddressSet(addresses),
    address_count: addresses.length,
    names: JSON.stringify(names),
    status: 'queued' as const,
  }));
  for (let start = 0; start < rows.length; start += ROWS_AT_ONCE)
    await tx
      .insertInto('shards')
      .values(rows.slice(start, start + ROWS_AT_ONCE))
      .execute();
}

/** A shard that was over before it was stored: of an imported scan. */
export interface EndedShard extends Omit<ShardEnd, 'output' | 'confirmation'> {
  readonly number: number;
  readonly addresses: readonly string[];
  readonly names: Readonly<Record<string, string>>;
  readonly startedAt: Date;
  readonly finishedAt: Date;
}

export async function insertEndedShards(
  tx: SiteTransaction,
  scan: { site_id: string; id: string },
  shards: readonly EndedShard[],
): Promise<void> {
  const rows = shards.map((shard) => ({
    site_id: scan.site_id,
    scan_id: scan.id,
    number: shard.number,
    addresses: writeAddressSet(shard.addresses),
    address_count: shard.addresses.length,
    names: JSON.stringify(shard.names),
    ...endColumns(shard),
    started_at: shard.startedAt,
    finished_at: shard.finishedAt,
  }));
  await tx.insertInto('shards').values(rows).execute();
}

/** Gives a shard back to the queue, unless another worker has taken it over; it costs no attempt. */
export async function returnShard(tx: SiteTransaction, shard: ShardRow): Promise<void> {
  await ownShard(tx, shard).set({ status: 'queued', attempts: sql`attempts - 1` }).execute();
}

export async function updateShardProgress(
  tx: SiteTransaction,
  shard: ShardRow,
  progress: ShardProgress,
): Promise<void> {
  await ownShard(tx, shard)
    .set({ progress: JSON.stringify(progress) })
    .execute();
}

export interface ShardEnd {
  readonly status: Exclude<ShardStatus, 'queued' | 'running'>;
  readonly engine: string | null;
  readonly engineVersion: string | null;
  readonly command: readonly string[] | null;
  readonly progress: ShardProgress;
  readonly coveredCount: number;
  readonly uncovered: readonly ShardRow['uncovered'][number][];
  readonly problem: string | null;
  readonly output: Buffer | null;
  readonly confirmation: ConfirmationCost | null;
  readonly sight: Buffer | null;
  /** What the sight is kept by; null: it is whole. */
  readonly sightBaseId: string | null;
}

/** Saves the end of a shard once: false when another attempt has taken the shard over. */
export async function updateShardEnd(
  tx: SiteTransaction,
  shard: ShardRow,
  end: ShardEnd,
): Promise<boolean> {
  const { numUpdatedRows } = await ownShard(tx, shard)
    .set({
      ...endColumns(end),
      output: end.output,
      confirmation: end.confirmation && JSON.stringify(end.confirmation),
      finished_at: sql`now()`,
    })
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

function endColumns(end: Omit<ShardEnd, 'output' | 'confirmation'>) {
  return {
    status: end.status,
    engine: end.engine,
    engine_version: end.engineVersion,
    arguments: end.command ? [...end.command] : null,
    progress: JSON.stringify(end.progress),
    covered_count: end.coveredCount,
    uncovered: JSON.stringify(end.uncovered),
    problem: end.problem,
    sight: end.sight,
    sight_base_id: end.sightBaseId,
  };
}

/** The row of this very attempt. */
function ownShard(tx: SiteTransaction, shard: ShardRow) {
  return tx
    .updateTable('shards')
    .where('scan_id', '=', shard.scan_id)
    .where('number', '=', shard.number)
    .where('status', '=', 'running')
    .where('attempts', '=', shard.attempts);
}

/** What the shards of a scan saw (PackedSight) with what it is kept by, in their order; null: nothing. */
export async function selectSights(tx: SiteTransaction, scanId: string) {
  const rows = await selectBasedShards(tx, scanId)
    .select(['sh.addresses', 'sh.names', 'sh.sight', 'b.sight as base'])
    .orderBy('sh.number')
    .execute();
  return rows.map((row) => ({ ...row, addresses: readAddressSet(row.addresses) }));
}

/** The shards of a scan, each with the base of its sight where it has one. */
export function selectBasedShards(tx: SiteTransaction, scanId: string) {
  return tx
    .selectFrom('shards as sh')
    .leftJoin('sight_bases as b', (join) =>
      join.onRef('b.site_id', '=', 'sh.site_id').onRef('b.id', '=', 'sh.sight_base_id'),
    )
    .where('sh.scan_id', '=', scanId);
}

/** Cancels the shards that no worker has taken. Answers how many. */
export async function cancelQueuedShards(tx: SiteTransaction, scanId: string): Promise<number> {
  const { numUpdatedRows } = await tx
    .updateTable('shards')
    .set({ status: 'cancelled', finished_at: sql`now()` })
    .where('scan_id', '=', scanId)
    .where('status', '=', 'queued')
    .executeTakeFirst();
  return Number(numUpdatedRows);
}

/** Counts ended shards into the scan, whose row stays locked: the caller that ends the last one sees it. */
export function countShardsDone(
  tx: SiteTransaction,
  scanId: string,
  { shards, deltas }: { shards: number; deltas: number },
) {
  return tx
    .updateTable('scans')
    .set({
      shards_done: sql`shards_done + ${shards}::int`,
      delta_count: sql`delta_count + ${deltas}::int`,
    })
    .where('id', '=', scanId)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Notes with a scan which addresses its shards covered, and how many they did not finish: it outlives them. */
export async function updateScanCovered(tx: SiteTransaction, scanId: string): Promise<void> {
  await sql`
    update scans as s set covered = sh.asked - coalesce(u.uncovered, '{}'), uncovered_count = u.count
    from (
      select range_agg(addresses) filter (where covered_count > 0) as asked from shards where scan_id = ${scanId}
    ) as sh, (
      select count(*)::int as count, range_agg(address_range(address, address, '[]')) as uncovered
      from shards, jsonb_array_elements(uncovered) as host, lateral (select (host->>'address')::inet as address) as a
      where scan_id = ${scanId}
    ) as u
    where s.id = ${scanId}`.execute(tx);
}
