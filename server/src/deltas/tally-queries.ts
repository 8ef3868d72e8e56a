import { hostStatusCode } from '@netdelta/core/host/status.ts';
import { sql } from 'kysely';
import type { SiteTransaction } from '../db/database.ts';
import { toldStatus } from '../db/told-status-queries.ts';

const NEW = hostStatusCode('NEW');

/**
 * Folds what was added to, and taken from, a group's figures into one row a status, and of NEW ones
 * one a scan; the sums stay as they are. What another transaction folds at this moment is left to it: nobody waits.
 */
export async function foldTallies(tx: SiteTransaction, groupId: string): Promise<void> {
  await sql`
    with folded as (
      delete from group_tallies where ctid = any(array(
        select ctid from group_tallies where group_id = ${groupId} for update skip locked))
      returning *
    )
    insert into group_tallies (site_id, group_id, status, scan_id, hosts, services)
    select site_id, group_id, status, case when status = ${NEW} then scan_id end, sum(hosts), sum(services) from (
      select t.site_id, t.group_id, ${sql.raw(toldStatus('t', 'scan_id'))} as status, t.scan_id, t.hosts, t.services
      from folded as t
    ) as told group by 1, 2, 3, 4
    having sum(hosts) <> 0 or sum(services) <> 0`.execute(tx);
}
