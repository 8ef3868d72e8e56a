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
  { base, shardNumber }: Pick<BasedSight, 'base'> & { shardNumber: number },
): Promise<string> {
  if ('id' in base) return base.id;
  const { id } = await tx
    .insertInto('sight_bases')
    .values({
      ...{ site_id: scan.site_id, group_id: scan.group_id },
      ...{ shard_number: shardNumber, sight: base.anew, created_at: sql<Date>`now()` },
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}
