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

/** A schedule that is due now, every hour; answers its id. */
export async function insertDueSchedule(
  { system }: Database,
  { siteId, groupId }: { siteId: string; groupId: string },
): Promise<string> {
  const at = new Date(Date.now() - 1_000);
  const { id } = await system
    .insertInto('schedules')
    .values({
      ...{ site_id: siteId, group_id: groupId, missed: 'run', overlap: 'skip', next_run_at: at },
      timing: JSON.stringify({ kind: 'interval', minutes: 60, startsAt: at.toISOString() }),
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** What became of a schedule's last run; null: it had none. */
export async function selectScheduleOutcome(
  { system }: Database,
  id: string,
): Promise<string | null> {
  const row = await system
    .selectFrom('schedules')
    .select('last_outcome')
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  return row.last_outcome;
}
