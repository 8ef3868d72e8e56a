import { type Kysely, sql, type Transaction } from 'kysely';
import type { Tables } from '../../db/tables.ts';

type Db = Kysely<Tables>;
type Tx = Transaction<Tables>;

export const CHALLENGE_SECONDS = 300;

interface NewChallenge {
  readonly tokenHash: Buffer;
  readonly challenge: string;
  /** Who adds a passkey; null: somebody logs in. */
  readonly userId: string | null;
}

const MOST_AT_ONCE = 1_000;

/** Those that nobody answered in time go. */
export async function insertChallenge(
  db: Db,
  { tokenHash, challenge, userId }: NewChallenge,
): Promise<void> {
  // Two that both tidy up do not wait for each other.
  const old = db
    .selectFrom('passkey_challenges')
    .select('token_hash')
    .where('expires_at', '<', sql<Date>`now()`)
    .limit(MOST_AT_ONCE)
    .forUpdate()
    .skipLocked();
  await db.deleteFrom('passkey_challenges').where('token_hash', 'in', old).execute();
  await db
    .insertInto('passkey_challenges')
    .values({
      token_hash: tokenHash,
      challenge,
      user_id: userId,
      expires_at: sql<Date>`now() + make_interval(secs => ${CHALLENGE_SECONDS})`,
    })
    .execute();
}

/** Uses a challenge up; null when it was used, has expired, or was given for something else. */
export async function takeChallenge(
  db: Db,
  { tokenHash, userId }: Pick<NewChallenge, 'tokenHash' | 'userId'>,
): Promise<string | null> {
  const taken = await db
    .deleteFrom('passkey_challenges')
    .where('token_hash', '=', tokenHash)
    .where('user_id', 'is not distinct from', userId)
    .where('expires_at', '>', sql<Date>`now()`)
    .returning('challenge')
    .executeTakeFirst();
  return taken?.challenge ?? null;
}

/** Of a person, the oldest first. */
export async function selectPasskeys(db: Db, userId: string) {
  return db
    .selectFrom('passkeys')
    .selectAll()
    .where('user_id', '=', userId)
    .orderBy('created_at')
    .orderBy('id')
    .execute();
}

export type PasskeyRow = Awaited<ReturnType<typeof selectPasskeys>>[number];

/** With whose it is. */
export async function selectPasskey(db: Db, credentialId: Buffer) {
  return db
    .selectFrom('passkeys')
    .innerJoin('users', 'users.id', 'passkeys.user_id')
    .selectAll('passkeys')
    .select(['users.name as userName', 'users.email'])
    .where('credential_id', '=', credentialId)
    .executeTakeFirst();
}

interface NewPasskey {
  readonly user_id: string;
  readonly name: string;
  readonly credential_id: Buffer;
  readonly public_key: Buffer;
  readonly signature_count: number;
  readonly transports: string[];
  readonly host_name: string;
  readonly backed_up: boolean;
}

/** Undefined: it is somebody's already. */
export async function insertPasskey(tx: Tx, passkey: NewPasskey): Promise<PasskeyRow | undefined> {
  return tx
    .insertInto('passkeys')
    .values(passkey)
    .onConflict((conflict) => conflict.column('credential_id').doNothing())
    .returningAll()
    .executeTakeFirst();
}

/** Makes the changes of one person's passkeys run one after the other, until the transaction ends. */
export async function lockPasskeys(tx: Tx, userId: string): Promise<void> {
  await tx.selectFrom('users').select('id').where('id', '=', userId).forNoKeyUpdate().execute();
}

export async function selectPasskeyCount(db: Db, userId: string): Promise<number> {
  const { count } = await db
    .selectFrom('passkeys')
    .select(sql<number>`count(*)::int`.as('count'))
    .where('user_id', '=', userId)
    .executeTakeFirstOrThrow();
  return count;
}

interface PasskeyUse {
  readonly userId: string;
  readonly id: string;
  /** What it had counted before, and what it counts now. */
  readonly counted: string;
  readonly counts: number;
  readonly backedUp: boolean;
}

/** Notes a login; false when the passkey was used or removed meanwhile. */
export async function updateToUsed(
  db: Db,
  { userId, id, counted, counts, backedUp }: PasskeyUse,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('passkeys')
    .set({ signature_count: counts, backed_up: backedUp, last_used_at: sql<Date>`now()` })
    .where('user_id', '=', userId)
    .where('id', '=', id)
    .where('signature_count', '=', counted)
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

/** Whether it is still there; whoever is removing it is waited for. */
export async function lockPasskey(tx: Tx, userId: string, id: string): Promise<boolean> {
  const found = await tx
    .selectFrom('passkeys')
    .select('id')
    .where('user_id', '=', userId)
    .where('id', '=', id)
    .forShare()
    .executeTakeFirst();
  return found !== undefined;
}

/** Answers with what it was; undefined for none of this person's. */
export async function deletePasskey(tx: Tx, userId: string, id: string) {
  return tx
    .deleteFrom('passkeys')
    .where('user_id', '=', userId)
    .where('id', '=', id)
    .returning(['name', 'host_name as hostName'])
    .executeTakeFirst();
}

/** All of a person; answers with how many they were. */
export async function deletePasskeys(tx: Tx, userId: string): Promise<number> {
  const { numDeletedRows } = await tx
    .deleteFrom('passkeys')
    .where('user_id', '=', userId)
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}

/** A session that a passkey opened counts for no more than a password where there is none any more. */
export async function updateToPasswordSessions(tx: Tx, userId: string): Promise<void> {
  await tx
    .updateTable('sessions')
    .set({ opened_by: 'password' })
    .where('userId', '=', userId)
    .where('opened_by', '=', 'passkey')
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('passkeys').select('id').where('user_id', '=', userId))),
    )
    .execute();
}

/** What protects an account, and whether one of its sites insists on it. */
export async function selectProtection(db: Db, userId: string) {
  const found = await db
    .selectFrom('users')
    .select((user) => [
      'users.twoFactorEnabled as secondFactor',
      user
        .exists(user.selectFrom('passkeys').select('id').where('user_id', '=', userId))
        .as('passkey'),
      user
        .exists(
          user
            .selectFrom('members')
            .innerJoin('sites', 'sites.id', 'members.site_id')
            .select('sites.id')
            .where('members.user_id', '=', userId)
            .where('sites.second_factor_demanded', '=', true),
        )
        .as('demanded'),
    ])
    .where('users.id', '=', userId)
    .executeTakeFirstOrThrow();
  return {
    secondFactor: found.secondFactor,
    passkey: Boolean(found.passkey),
    demanded: Boolean(found.demanded),
  };
}
