import { randomUUID } from 'node:crypto';
import type { Role } from '@netdelta/core/access/roles.ts';
import { hostStatusCode } from '@netdelta/core/host/status.ts';
import { insertUser } from '../accounts/queries.ts';
import type { Database } from '../db/database.ts';

/** Stores a site without people; answers with its id. */
export async function insertSiteOf({ system }: Database, slug: string): Promise<string> {
  const { id } = await system
    .insertInto('sites')
    .values({ slug, name: slug })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** Stores a person with a role in a site. */
export async function insertPerson(
  { system }: Database,
  person: {
    email: string;
    passwordHash: string;
    siteId: string;
    role: Role;
    platformAdmin: boolean;
  },
): Promise<void> {
  const { email, passwordHash, siteId, role, platformAdmin } = person;
  const id = randomUUID();
  await system.transaction().execute(async (tx) => {
    await insertUser(tx, { id, name: role, email, passwordHash, platformAdmin });
    await tx.insertInto('members').values({ site_id: siteId, user_id: id, role }).execute();
  });
}

/** Inserts 127.0.1.1 as a host of a group that is up, with nothing open. */
export async function insertHost({ system }: Database, groupId: string): Promise<void> {
  const { site_id } = await system
    .selectFrom('groups')
    .select('site_id')
    .where('id', '=', groupId)
    .executeTakeFirstOrThrow();
  await system
    .insertInto('hosts')
    .values({
      site_id,
      group_id: groupId,
      address: '127.0.1.1',
      status: hostStatusCode('UP'),
      reason: 'syn-ack',
      status_since: new Date(),
    })
    .execute();
}

/** As if everybody had set one up. */
export async function giveSecondFactors({ system }: Database): Promise<void> {
  await system.updateTable('users').set({ twoFactorEnabled: true }).execute();
}
