import { type Insertable, type Kysely, type Selectable, sql } from 'kysely';
import type { SiteTransaction } from '../../db/database.ts';
import type { SignOnProvidersTable, SignOnTripsTable } from '../../db/sign-on-tables.ts';
import type { Tables } from '../../db/tables.ts';

export type ProviderRow = Selectable<SignOnProvidersTable>;

/** The provider of the site that the transaction is in. */
export async function selectProvider(tx: SiteTransaction): Promise<ProviderRow | undefined> {
  return tx.selectFrom('sign_on_providers').selectAll().executeTakeFirst();
}

/** The provider as it is now; undefined when it is another one, or lets nobody in any more. `tx` is of the system. */
export async function selectProviderNow(
  tx: SiteTransaction,
  was: Pick<ProviderRow, 'site_id' | 'issuer' | 'client_id'>,
): Promise<ProviderRow | undefined> {
  return tx
    .selectFrom('sign_on_providers')
    .selectAll()
    .where('site_id', '=', was.site_id)
    .where('issuer', '=', was.issuer)
    .where('client_id', '=', was.client_id)
    .where('enabled', '=', true)
    .executeTakeFirst();
}

export async function upsertProvider(
  tx: SiteTransaction,
  { site_id, ...rule }: Insertable<SignOnProvidersTable>,
): Promise<void> {
  await tx
    .insertInto('sign_on_providers')
    .values({ site_id, ...rule })
    .onConflict((conflict) => conflict.column('site_id').doUpdateSet(rule))
    .execute();
}

export async function deleteProvider(tx: SiteTransaction): Promise<void> {
  await tx.deleteFrom('sign_on_providers').execute();
}

/** Two changes of a site's provider run one after the other, until the transaction ends. */
export async function lockProvider(tx: SiteTransaction, siteId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`sign-on ${siteId}`}, 0))`.execute(tx);
}

/** Ends what was opened through the provider of a site: all of it, or one person's. */
export async function deleteBoundSessions(
  db: Kysely<Tables>,
  siteId: string,
  userId?: string,
): Promise<void> {
  await db
    .deleteFrom('sessions')
    .where('bound_to', '=', siteId)
    .$if(userId !== undefined, (query) => query.where('userId', '=', userId ?? ''))
    .execute();
}

export const TRIP_MINUTES = 10;

/** Notes that somebody is on their way, and forgets who did not come back. */
export async function insertTrip(
  tx: SiteTransaction,
  trip: Omit<Insertable<SignOnTripsTable>, 'expires_at'>,
): Promise<void> {
  await tx.deleteFrom('sign_on_trips').where('expires_at', '<', sql<Date>`now()`).execute();
  await tx
    .insertInto('sign_on_trips')
    .values({ ...trip, expires_at: sql<Date>`now() + make_interval(mins => ${TRIP_MINUTES})` })
    .execute();
}

/** Ends a trip; undefined when it has ended, or began in another browser, or in another site. */
export async function deleteTrip(
  tx: SiteTransaction,
  { stateHash, browserHash }: { stateHash: Buffer; browserHash: Buffer },
): Promise<Selectable<SignOnTripsTable> | undefined> {
  return tx
    .deleteFrom('sign_on_trips')
    .where('state_hash', '=', stateHash)
    .where('browser_hash', '=', browserHash)
    .where('expires_at', '>', sql<Date>`now()`)
    .returningAll()
    .executeTakeFirst();
}
