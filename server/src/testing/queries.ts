import { randomUUID } from 'node:crypto';
import type { Role } from '@netdelta/core/access/roles.ts';
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

/** As if everybody had set one up. */
export async function giveSecondFactors({ system }: Database): Promise<void> {
  await system.updateTable('users').set({ twoFactorEnabled: true }).execute();
}
