import { randomUUID } from 'node:crypto';
import { type Kysely, sql, type Transaction } from 'kysely';
import type { SiteTransaction } from '../../db/database.ts';
import type { Tables } from '../../db/tables.ts';

type Db = Kysely<Tables>;
type Tx = Transaction<Tables>;

/** Whether somebody has a second factor, and the site demands one. */
export async function selectSecondFactor(
  tx: SiteTransaction,
  { siteId, userId }: { siteId: string; userId: string },
): Promise<{ enabled: boolean; demanded: boolean }> {
  return tx
    .selectFrom('users')
    .innerJoin('sites', (join) => join.on('sites.id', '=', siteId))
    .select(['users.twoFactorEnabled as enabled', 'sites.second_factor_demanded as demanded'])
    .where('users.id', '=', userId)
    .executeTakeFirstOrThrow();
}

interface Offered {
  readonly userId: string;
  /** Both sealed. */
  readonly secret: string;
  readonly backupCodes: string;
}

/** Stores an offer instead of the one before; false where a second factor holds already. */
export async function upsertOffer(db: Db, { userId, ...offer }: Offered): Promise<boolean> {
  const row = { ...offer, verified: false };
  const { numInsertedOrUpdatedRows = 0n } = await db
    .insertInto('two_factors')
    .values({ id: randomUUID(), userId, ...row })
    .onConflict((conflict) =>
      conflict.column('userId').doUpdateSet(row).where('two_factors.verified', '=', false),
    )
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows > 0n;
}

/** All who use or change somebody's second factor wait for each other here, in every process. */
export async function lockFactor(tx: Tx, userId: string) {
  return tx
    .selectFrom('two_factors')
    .select(['secret', 'backupCodes', 'verified', 'last_step as lastStep'])
    .select(sql<boolean>`coalesce("lockedUntil" > now(), false)`.as('locked'))
    .where('userId', '=', userId)
    .forUpdate()
    .executeTakeFirst();
}

/** It holds from now on; this step's code is used up. */
export async function updateToConfirmed(tx: Tx, userId: string, step: number): Promise<void> {
  await tx
    .updateTable('two_factors')
    .set({ verified: true, last_step: step, ...NO_FAILURES })
    .where('userId', '=', userId)
    .execute();
  await tx.updateTable('users').set({ twoFactorEnabled: true }).where('id', '=', userId).execute();
}

const NO_FAILURES = { failedVerificationCount: 0, lockedUntil: null };

/** A code was right: what it used up. */
export async function updateToUsed(
  tx: Tx,
  userId: string,
  used: { last_step: number } | { backupCodes: string },
): Promise<void> {
  await tx
    .updateTable('two_factors')
    .set({ ...used, ...NO_FAILURES })
    .where('userId', '=', userId)
    .execute();
}

/** Counts a wrong code; true when it was one too many, and all are refused for a while. */
export async function updateToFailed(
  tx: Tx,
  userId: string,
  { most, lockMinutes }: { most: number; lockMinutes: number },
): Promise<boolean> {
  const { locked } = await tx
    .updateTable('two_factors')
    .set({
      failedVerificationCount: sql<number>`("failedVerificationCount" + 1) % ${most}::int`,
      lockedUntil: sql<Date | null>`case when "failedVerificationCount" + 1 >= ${most}::int
        then now() + make_interval(mins => ${lockMinutes}) end`,
    })
    .where('userId', '=', userId)
    .returning(sql<boolean>`"lockedUntil" is not null`.as('locked'))
    .executeTakeFirstOrThrow();
  return locked;
}

export async function updateRecoveryCodes(tx: Tx, userId: string, sealed: string): Promise<void> {
  await tx
    .updateTable('two_factors')
    .set({ backupCodes: sealed })
    .where('userId', '=', userId)
    .execute();
}

/** The next login asks the password alone; false where it did already. An offer goes, too. */
export async function deleteSecondFactor(tx: Tx, userId: string): Promise<boolean> {
  await tx.deleteFrom('two_factors').where('userId', '=', userId).execute();
  const { numUpdatedRows } = await tx
    .updateTable('users')
    .set({ twoFactorEnabled: false })
    .where('id', '=', userId)
    .where('twoFactorEnabled', '=', true)
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}
