import { type Kysely, sql } from 'kysely';
import type { SiteTransaction } from '../../db/database.ts';
import type { InvitationsTable } from '../../db/people-tables.ts';
import type { Tables } from '../../db/tables.ts';

const selectRows = (tx: SiteTransaction) =>
  tx
    .selectFrom('invitations')
    .leftJoin('users', 'users.id', 'invitations.invited_by')
    .selectAll('invitations')
    .select('users.name as inviter');

export type InvitationRow = Awaited<ReturnType<typeof selectInvitation>> & object;

/** By e-mail address, which is the keyset. */
export async function selectInvitations(
  tx: SiteTransaction,
  { after, limit }: { after?: string | undefined; limit: number },
) {
  return selectRows(tx)
    .$if(after !== undefined, (query) => query.where('invitations.email', '>', after ?? ''))
    .orderBy('invitations.email')
    .limit(limit)
    .execute();
}

export async function selectInvitation(tx: SiteTransaction, id: string) {
  return selectRows(tx).where('invitations.id', '=', id).executeTakeFirst();
}

/** One that is still open; undefined for one that was accepted, revoked, renewed, or has expired. */
export async function selectOpenInvitation(tx: SiteTransaction, tokenHash: Buffer) {
  return selectRows(tx)
    .where('invitations.token_hash', '=', tokenHash)
    .where('invitations.expires_at', '>', sql<Date>`now()`)
    .executeTakeFirst();
}

const DAYS_VALID = sql<Date>`now() + interval '7 days'`;

type Link = Pick<InvitationsTable, 'token_hash' | 'delivery' | 'invited_by'>;
export type NewInvitation = Link &
  Pick<InvitationsTable, 'site_id' | 'email' | 'role'> & { readonly id: string };

/** False when the address has an invitation already. One that has expired is replaced. */
export async function insertInvitation(tx: SiteTransaction, row: NewInvitation): Promise<boolean> {
  await tx
    .deleteFrom('invitations')
    .where('email', '=', row.email)
    .where('expires_at', '<=', sql<Date>`now()`)
    .execute();
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('invitations')
    .values({ ...row, expires_at: DAYS_VALID })
    .onConflict((conflict) => conflict.columns(['site_id', 'email']).doNothing())
    .executeTakeFirstOrThrow();
  return (numInsertedOrUpdatedRows ?? 0n) > 0n;
}

/** Ends the link before and begins another seven days. */
export async function updateInvitationLink(
  tx: SiteTransaction,
  id: string,
  link: Link,
): Promise<void> {
  await tx
    .updateTable('invitations')
    .set({ ...link, expires_at: DAYS_VALID, sent_at: null, last_error: null })
    .where('id', '=', id)
    .execute();
}

export async function deleteInvitation(tx: SiteTransaction, id: string): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('invitations')
    .where('id', '=', id)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

/** Gives a mail that is not sent yet its link, instead of that of an earlier attempt. */
export async function updateInvitationToken(
  tx: SiteTransaction,
  { id, tokenHash }: { id: string; tokenHash: Buffer },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('invitations')
    .set({ token_hash: tokenHash })
    .where('id', '=', id)
    .where('delivery', '=', 'mail')
    .where('sent_at', 'is', null)
    .where('expires_at', '>', sql<Date>`now()`)
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

/** Notes what became of the mail, unless the link was renewed meanwhile. */
export async function updateInvitationMail(
  tx: SiteTransaction,
  { id, tokenHash, error }: { id: string; tokenHash: Buffer; error: string | null },
): Promise<void> {
  await tx
    .updateTable('invitations')
    .set({ last_error: error, ...(error === null && { sent_at: sql<Date>`now()` }) })
    .where('id', '=', id)
    .where('token_hash', '=', tokenHash)
    .execute();
}

/** Whose account has this address, in whatever site. */
export async function selectPersonByEmail(db: Kysely<Tables>, email: string) {
  return db
    .selectFrom('users')
    .select(['id', 'name', 'email', 'emailVerified', 'platform_admin'])
    .where('login_email', '=', email)
    .executeTakeFirst();
}

export async function selectIsMemberByEmail(tx: SiteTransaction, email: string): Promise<boolean> {
  const member = await tx
    .selectFrom('members')
    .innerJoin('users', 'users.id', 'members.user_id')
    .select('users.id')
    .where('users.email', '=', email)
    .executeTakeFirst();
  return member !== undefined;
}

/**
 * Makes somebody a member by an open invitation, which ends with it; false when it is not open any
 * more. Who is a member already stays what they are. `tx` may be of the system: the site is named.
 */
export async function updateToAccepted(
  tx: Kysely<Tables>,
  { siteId, tokenHash, userId }: { siteId: string; tokenHash: Buffer; userId: string },
): Promise<boolean> {
  const invitation = await tx
    .deleteFrom('invitations')
    .where('site_id', '=', siteId)
    .where('token_hash', '=', tokenHash)
    .where('expires_at', '>', sql<Date>`now()`)
    .returning(['role', 'delivery'])
    .executeTakeFirst();
  if (!invitation) return false;
  await tx
    .insertInto('members')
    .values({ site_id: siteId, user_id: userId, role: invitation.role })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  // Only who reads the mails of an address can have this link.
  if (invitation.delivery === 'mail')
    await tx.updateTable('users').set({ emailVerified: true }).where('id', '=', userId).execute();
  return true;
}
