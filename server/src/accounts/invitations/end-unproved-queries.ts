import { type Kysely, sql } from 'kysely';
import type { Tables } from '../../db/tables.ts';

type Db = Kysely<Tables>;

/** The account that has this address and has never proved it, locked; undefined: there is none. */
export function lockUnproved(tx: Db, email: string) {
  return tx
    .selectFrom('users')
    .select(['id', 'email', 'platform_admin'])
    .where('login_email', '=', email)
    .where('emailVerified', '=', false)
    .forUpdate()
    .executeTakeFirst();
}

/** Where somebody is a member, in the order of sites, and whether a site would have no owner without them. */
export function selectMembershipsOf(tx: Db, userId: string) {
  return tx
    .selectFrom('members as m')
    .select([
      'm.site_id',
      'm.role',
      sql<boolean>`m.role = 'owner' and not exists (select from members as o
        where o.site_id = m.site_id and o.role = 'owner' and o.user_id <> m.user_id)`.as(
        'last_owner',
      ),
    ])
    .where('m.user_id', '=', userId)
    .orderBy('m.site_id')
    .execute();
}

/** Whoever accepted one would be let in by somebody who is not. */
export async function deleteInvitationsBy(tx: Db, userId: string): Promise<void> {
  await tx.deleteFrom('invitations').where('invited_by', '=', userId).execute();
}

export async function deleteUser(tx: Db, id: string): Promise<void> {
  await tx.deleteFrom('users').where('id', '=', id).execute();
}
