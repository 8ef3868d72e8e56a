import { sql } from 'kysely';
import type { SiteTransaction } from '../db/database.ts';

/** Where the shards of a new scan line up (see takeTurns). Scans of one site wait for each other here. */
export async function lockTurns(
  tx: SiteTransaction,
  siteId: string,
): Promise<{ now: number; last: number; next: number | null }> {
  const { turn } = await tx
    .selectFrom('sites')
    .select(sql<number>`turn::float8`.as('turn'))
    .where('id', '=', siteId)
    .forNoKeyUpdate()
    .executeTakeFirstOrThrow();
  const { rows } = await sql<{ now: number; next: number | null }>`
    select last_value::float8 as now,
      (select min(turn)::float8 from shards where site_id = ${siteId} and status = 'queued') as next
    from shard_turn`.execute(tx);
  return { last: turn, now: rows[0]?.now ?? 0, next: rows[0]?.next ?? null };
}

/** Notes the newest turn of a site. */
export async function updateTurn(tx: SiteTransaction, siteId: string, turn: number): Promise<void> {
  await tx.updateTable('sites').set({ turn }).where('id', '=', siteId).execute();
}

/** Notes that a shard of this turn was taken. Outside of any transaction, as sequences are: nobody waits. */
export async function advanceTurn(tx: SiteTransaction, turn: number): Promise<void> {
  await sql`select setval('shard_turn', greatest(last_value, ${turn}::bigint)) from shard_turn`.execute(
    tx,
  );
}
