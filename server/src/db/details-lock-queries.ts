import { sql } from 'kysely';
import type { SiteTransaction } from './database.ts';

const lockOf = (groupId: string) => sql`hashtextextended(${`details ${groupId}`}, 0)`;

/** Keeps the details of a group's scans (shards, sights) from expiring until the transaction ends. */
export async function shareDetails(tx: SiteTransaction, groupId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock_shared(${lockOf(groupId)})`.execute(tx);
}

/** Keeps readers of these details waiting until the transaction ends. False: there are some now. */
export async function tryLockDetails(tx: SiteTransaction, groupId: string): Promise<boolean> {
  const { rows } = await sql<{ locked: boolean }>`
    select pg_try_advisory_xact_lock(${lockOf(groupId)}) as locked`.execute(tx);
  return rows[0]?.locked ?? false;
}
