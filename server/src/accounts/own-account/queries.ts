import { type Kysely, sql } from 'kysely';
import type { SiteTransaction } from '../../db/database.ts';
import type { Tables } from '../../db/tables.ts';

type Db = Kysely<Tables>;

export async function updateName(db: Db, userId: string, name: string): Promise<void> {
  await db.updateTable('users').set({ name }).where('id', '=', userId).execute();
}

const MOST_SESSIONS = 200;

/** Sessions of a person: all, or those alone that the provider of one site has made. */
export interface SessionScope {
  readonly userId: string;
  readonly boundTo: string | null;
}

/** The live ones, the last used first. */
export async function selectSessions(db: Db, { userId, boundTo }: SessionScope) {
  return db
    .selectFrom('sessions')
    .select(['id', 'ipAddress', 'userAgent', 'createdAt', 'last_used_at', 'opened_by'])
    .where('userId', '=', userId)
    .$if(boundTo !== null, (query) => query.where('bound_to', '=', boundTo ?? ''))
    .where('expiresAt', '>', sql<Date>`now()`)
    .where(({ eb, or }) => or([eb('ends_at', 'is', null), eb('ends_at', '>', sql<Date>`now()`)]))
    .orderBy('last_used_at', 'desc')
    .limit(MOST_SESSIONS)
    .execute();
}

/** Answers with what it was; undefined for none of these. */
export async function deleteSession(db: Db, { userId, boundTo }: SessionScope, id: string) {
  return db
    .deleteFrom('sessions')
    .where('userId', '=', userId)
    .$if(boundTo !== null, (query) => query.where('bound_to', '=', boundTo ?? ''))
    .where('id', '=', id)
    .returning(['ipAddress', 'userAgent'])
    .executeTakeFirst();
}

/** All of these sessions, or all but the one that is kept. Answers with how many they were. */
export async function deleteSessions(
  db: Db,
  { userId, boundTo }: SessionScope,
  kept: string | null,
): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('sessions')
    .where('userId', '=', userId)
    .$if(boundTo !== null, (query) => query.where('bound_to', '=', boundTo ?? ''))
    .$if(kept !== null, (query) => query.where('id', '!=', kept ?? ''))
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}

/** The member of the site with this address who can have a password. */
export async function selectMemberByEmail(tx: SiteTransaction, email: string) {
  return tx
    .selectFrom('members')
    .innerJoin('users', 'users.id', 'members.user_id')
    .select(['users.id', 'users.email'])
    .where('users.email', '=', email)
    .where('users.home_site', 'is', null)
    .executeTakeFirst();
}

export const RESET_MINUTES = 60;

/** Replaces the link that the person had before. */
export async function upsertReset(db: Db, userId: string, tokenHash: Buffer): Promise<void> {
  const link = {
    token_hash: tokenHash,
    created_at: sql<Date>`now()`,
    expires_at: sql<Date>`now() + make_interval(mins => ${RESET_MINUTES})`,
  };
  await db
    .insertInto('password_resets')
    .values({ user_id: userId, ...link })
    .onConflict((conflict) => conflict.column('user_id').doUpdateSet(link))
    .execute();
}

/** Whose valid link this is; undefined for none. */
export async function selectReset(db: Db, tokenHash: Buffer) {
  return db
    .selectFrom('password_resets')
    .innerJoin('users', 'users.id', 'password_resets.user_id')
    .select(['users.id', 'users.name', 'users.email'])
    .where('token_hash', '=', tokenHash)
    .where('expires_at', '>', sql<Date>`now()`)
    .executeTakeFirst();
}

/** Ends the link; false when it was ended already. */
export async function deleteReset(db: Db, tokenHash: Buffer): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('password_resets')
    .where('token_hash', '=', tokenHash)
    .where('expires_at', '>', sql<Date>`now()`)
    .executeTakeFirstOrThrow();
  return numDeletedRows > 0n;
}

/** Ends the link that a person has asked for, if there is one: the password was changed otherwise. */
export async function deleteResetOf(db: Db, userId: string): Promise<void> {
  await db.deleteFrom('password_resets').where('user_id', '=', userId).execute();
}

/** Only who reads the mails of an address can have had its link. */
export async function updateToVerified(db: Db, userId: string): Promise<void> {
  await db.updateTable('users').set({ emailVerified: true }).where('id', '=', userId).execute();
}
