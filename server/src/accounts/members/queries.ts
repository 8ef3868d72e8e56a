import type { Role } from '@netdelta/core/access/roles.ts';
import { sql } from 'kysely';
import type { SiteTransaction } from '../../db/database.ts';

const selectMemberRows = (tx: SiteTransaction) =>
  tx
    .selectFrom('members')
    .innerJoin('users', 'users.id', 'members.user_id')
    .select([
      'users.id',
      'users.name',
      'users.email',
      'members.role',
      'members.created_at',
      'users.home_site',
    ]);

export type MemberRow = Awaited<ReturnType<typeof selectMember>> & object;

/** By e-mail address, which is the keyset. */
export async function selectMembers(
  tx: SiteTransaction,
  { after, limit }: { after?: string | undefined; limit: number },
) {
  return selectMemberRows(tx)
    .$if(after !== undefined, (query) => query.where('users.email', '>', after ?? ''))
    .orderBy('users.email')
    .limit(limit)
    .execute();
}

export async function selectMember(tx: SiteTransaction, userId: string) {
  return selectMemberRows(tx).where('members.user_id', '=', userId).executeTakeFirst();
}

/** Two changes of roles in one site run one after the other, until the transaction ends. */
export async function lockMembers(tx: SiteTransaction, siteId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`members ${siteId}`}, 0))`.execute(tx);
}

export async function countOwners(tx: SiteTransaction): Promise<number> {
  const { count } = await tx
    .selectFrom('members')
    .select(sql<number>`count(*)::int`.as('count'))
    .where('role', '=', 'owner')
    .executeTakeFirstOrThrow();
  return count;
}

export async function updateRole(tx: SiteTransaction, userId: string, role: Role): Promise<void> {
  await tx.updateTable('members').set({ role }).where('user_id', '=', userId).execute();
}

export async function deleteMember(tx: SiteTransaction, userId: string): Promise<void> {
  await tx.deleteFrom('members').where('user_id', '=', userId).execute();
}

/** Ends the open invitations of somebody to these roles. */
export async function deleteInvitationsOf(
  tx: SiteTransaction,
  inviterId: string,
  roles: readonly Role[],
): Promise<void> {
  if (roles.length === 0) return;
  await tx
    .deleteFrom('invitations')
    .where('invited_by', '=', inviterId)
    .where('role', 'in', roles)
    .execute();
}

export async function selectSecondFactorDemanded(
  tx: SiteTransaction,
  siteId: string,
): Promise<boolean> {
  const site = await tx
    .selectFrom('sites')
    .select('second_factor_demanded')
    .where('id', '=', siteId)
    .executeTakeFirstOrThrow();
  return site.second_factor_demanded;
}

export async function updateSecondFactorDemanded(
  tx: SiteTransaction,
  siteId: string,
  demanded: boolean,
): Promise<void> {
  await tx
    .updateTable('sites')
    .set({ second_factor_demanded: demanded })
    .where('id', '=', siteId)
    .execute();
}
