import { sql } from 'kysely';
import type { SiteTransaction } from '../db/database.ts';

/** Where the shards of a new scan line up: see takeTurns. */
export async function selectTurn(tx: SiteTransaction): Promise<{ now: number; scans: number }> {
  const { rows } = await sql<{ now: number; scans: number }>`
    select last_value::float8 as now, (select count(*)::int from scans
      where status in ('running', 'cancelling')) as scans from shard_turn`.execute(tx);
  return rows[0] ?? { now: 0, scans: 1 };
}

/** Notes that a shard of this turn was taken. Outside of any transaction, as sequences are: nobody waits. */
export async function advanceTurn(tx: SiteTransaction, turn: number): Promise<void> {
  await sql`select setval('shard_turn', greatest(last_value, ${turn}::bigint)) from shard_turn`.execute(
    tx,
  );
}
