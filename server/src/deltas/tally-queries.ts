import { sql } from 'kysely';
import type { SiteTransaction } from '../db/database.ts';

/**
 * Folds what was added to, and taken from, a group's figures into one row a status; the sums stay
 * as they are. What another transaction folds at this moment is left to it: nobody waits.
 */
export async function foldTallies(tx: SiteTransaction, groupId: string): Promise<void> {
  await sql`
    with folded as (
      delete from group_tallies where ctid = any(array(
        select ctid from group_tallies where group_id = ${groupId} for update skip locked))
      returning *
    )
    insert into group_tallies (site_id, group_id, status, hosts, services)
    select site_id, group_id, status, sum(hosts), sum(services) from folded group by 1, 2, 3
    having sum(hosts) <> 0 or sum(services) <> 0`.execute(tx);
}
