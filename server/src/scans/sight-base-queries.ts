import { sql } from 'kysely';
import type { SiteTransaction } from '../db/database.ts';
import type { BasedSight, SightBase } from './packed-sight.ts';
import type { ScanRow } from './scan-queries.ts';

/** The newest base of a group's shards of this number; undefined: they have none yet. */
export function selectSightBase(
  tx: SiteTransaction,
  groupId: string,
  shardNumber: number,
): Promise<SightBase | undefined> {
  return tx
    .selectFrom('sight_bases')
    .select(['id', 'sight'])
    .where('group_id', '=', groupId)
    .where('shard_number', '=', shardNumber)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** Stores the base of a sight where it begins one; answers the id of its base. */
export async function upsertSightBase(
  tx: SiteTransaction,
  scan: Pick<ScanRow, 'site_id' | 'group_id'>,
  sight: PlacedBase,
): Promise<string> {
  const [id] = await upsertSightBases(tx, scan, [sight]);
  return id as string;
}

type PlacedBase = Pick<BasedSight, 'base'> & { readonly shardNumber: number };

/** The same for several shards of one scan; the ids in their order. */
export async function upsertSightBases(
  tx: SiteTransaction,
  scan: Pick<ScanRow, 'site_id' | 'group_id'>,
  sights: readonly PlacedBase[],
): Promise<string[]> {
  const rows = sights.flatMap(({ base, shardNumber }) =>
    'id' in base ? [] : [{ shard_number: shardNumber, sight: base.anew }],
  );
  const { site_id, group_id } = scan;
  const added =
    rows.length === 0
      ? []
      : await tx
          .insertInto('sight_bases')
          .values(rows.map((row) => ({ site_id, group_id, ...row, created_at: sql<Date>`now()` })))
          .returning(['id', 'shard_number'])
          .execute();
  const ids = new Map(added.map(({ id, shard_number }) => [shard_number, id]));
  return sights.map(({ base, shardNumber }) =>
    'id' in base ? base.id : (ids.get(shardNumber) as string),
  );
}
