import { hostStatusCode } from '@netdelta/core/host/status.ts';
import type { Database } from '../database.ts';

/** Inserts 127.0.1.1 as a host that is up, with nothing open. */
export async function insertHost(
  { system }: Database,
  siteId: string,
  groupId: string,
): Promise<void> {
  await system
    .insertInto('hosts')
    .values({
      site_id: siteId,
      group_id: groupId,
      address: '127.0.1.1',
      status: hostStatusCode('UP'),
      reason: 'syn-ack',
      status_since: new Date(),
    })
    .execute();
}
