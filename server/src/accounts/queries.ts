import type { LoginWay } from '@netdelta/core/access/login-ways.ts';
import type { Role } from '@netdelta/core/access/roles.ts';
import { BUILT_IN_PROFILES } from '@netdelta/core/profile/built-in.ts';
import { type Kysely, sql, type Transaction } from 'kysely';
import type { SiteTransaction } from '../db/database.ts';
import type { Tables } from '../db/tables.ts';
import type { RequestSite } from '../http/site-routes.ts';

type Db = Kysely<Tables>;

/** A site by its address, also one that is deactivated. */
export async function selectSite(
  db: Db,
  slug: string,
  { active = false } = {},
): Promise<RequestSite | null> {
  const site = await db
    .selectFrom('sites')
    .select(['id', 'slug', 'name', 'time_zone as timeZone', 'target_limit as targetLimit'])
    .where('slug', '=', slug)
    .$if(active, (query) => query.where('deactivated_at', 'is', null))
    .executeTakeFirst();
  return site ?? null;
}

/** The same of one that is in use: nobody enters another. */
export async function selectActiveSite(db: Db, slug: string): Promise<RequestSite | null> {
  return selectSite(db, slug, { active: true });
}

export async function selectSiteById(db: Db, id: string) {
  return db
    .selectFrom('sites')
    .select(['slug', 'name', 'time_zone as timeZone'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
}

/** What somebody is in a site now. */
export interface Membership {
  readonly role: Role;
  readonly lacksSecondFactor: boolean;
  readonly demandsSecondFactor: boolean;
  /** The provider that the site has now has vouched for them. */
  readonly isKnownToProvider: boolean;
  /** An owner, whom this provider makes of nobody: it must not open their rights. */
  readonly beyondProvider: boolean;
  /** They come in through the provider, or not at all. */
  readonly passwordRefused: boolean;
}

/** In a session that was opened so; null for no member. */
export async function selectMembership(
  tx: SiteTransaction,
  { siteId, userId, openedBy }: { siteId: string; userId: string; openedBy: LoginWay },
): Promise<Membership | null> {
  const member = await tx
    .selectFrom('members')
    .innerJoin('users', 'users.id', 'members.user_id')
    .innerJoin('sites', 'sites.id', 'members.site_id')
    .leftJoin('sign_on_providers as provider', (join) =>
      join.onRef('provider.site_id', '=', 'members.site_id').on('provider.enabled', '=', true),
    )
    .select(({ exists, selectFrom }) => [
      'members.role',
      'sites.second_factor_demanded as demandsSecondFactor',
      // A passkey is two factors: the device, and the finger or PIN that opens it.
      sql<boolean>`sites.second_factor_demanded and not users."twoFactorEnabled" and ${openedBy} <> 'passkey'`.as(
        'lacksSecondFactor',
      ),
      sql<boolean>`members.role <> 'owner' and not coalesce(provider.password_allowed, true)`.as(
        'passwordRefused',
      ),
      // Somebody may have become an owner by hand since the provider let them in.
      sql<boolean>`members.role = 'owner' and not coalesce(provider.roles @> '[{"role": "owner"}]', false)`.as(
        'beyondProvider',
      ),
      exists(
        selectFrom('sign_on_subjects as known')
          .select('known.user_id')
          .whereRef('known.site_id', '=', 'members.site_id')
          .whereRef('known.user_id', '=', 'members.user_id')
          .whereRef('known.issuer', '=', 'provider.issuer'),
      )
        .$castTo<boolean>()
        .as('isKnownToProvider'),
    ])
    .where('members.site_id', '=', siteId)
    .where('members.user_id', '=', userId)
    .where('sites.deactivated_at', 'is', null)
    .executeTakeFirst();
  return member ?? null;
}

export async function selectIsPlatformAdmin(db: Db, userId: string): Promise<boolean> {
  const user = await db
    .selectFrom('users')
    .select('platform_admin')
    .where('id', '=', userId)
    .executeTakeFirst();
  return user?.platform_admin ?? false;
}

/** Written by all processes that a session uses: once a minute is enough. */
export async function updateSessionUse(db: Db, sessionId: string): Promise<void> {
  await db
    .updateTable('sessions')
    .set({ last_used_at: sql<Date>`now()` })
    .where('id', '=', sessionId)
    .where('last_used_at', '<', sql<Date>`now() - interval '1 minute'`)
    .execute();
}

/** The sites of who has this address (in lower case). */
export async function selectSitesOfEmail(db: Db, email: string) {
  return db
    .selectFrom('users')
    .innerJoin('members', 'members.user_id', 'users.id')
    .innerJoin('sites', 'sites.id', 'members.site_id')
    .select(['sites.id', 'sites.name'])
    .where('users.login_email', '=', email)
    .execute();
}

/** The first two sites: enough to know whether there is none, one, or more. */
export async function selectFirstSites(db: Db) {
  return db.selectFrom('sites').select(['slug', 'name']).orderBy('slug').limit(2).execute();
}

/** Whether nobody and nothing is there yet. */
export async function selectIsEmpty(db: Db): Promise<boolean> {
  const { found } = await db
    .selectNoFrom(({ exists, or, selectFrom }) =>
      or([exists(selectFrom('users').select('id')), exists(selectFrom('sites').select('id'))]).as(
        'found',
      ),
    )
    .executeTakeFirstOrThrow();
  return !found;
}

/** Makes two set-ups at one moment run one after the other, until the transaction ends. */
export async function lockSetup(tx: Transaction<Tables>): Promise<void> {
  await sql`lock table setup_links in exclusive mode`.execute(tx);
}

/** The address of somebody; of nobody, a word in its place. */
export async function selectEmail(db: Db, userId: string): Promise<string> {
  const query = db.selectFrom('users').select('email').where('id', '=', userId);
  return (await query.executeTakeFirst())?.email ?? 'nobody';
}

/** Replaces the set-up link; the one before is worth nothing any more. */
export async function upsertSetupLink(db: Db, tokenHash: Buffer): Promise<void> {
  const link = { token_hash: tokenHash, created_at: sql<Date>`now()` };
  await db
    .insertInto('setup_links')
    .values(link)
    .onConflict((conflict) => conflict.column('only').doUpdateSet(link))
    .execute();
}

/** Ends the set-up link of this hash; false when it is not the valid one. */
export async function deleteSetupLink(db: Db, tokenHash: Buffer): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('setup_links')
    .where('token_hash', '=', tokenHash)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

export async function deleteSetupLinks(db: Db): Promise<void> {
  await db.deleteFrom('setup_links').execute();
}

/** A person who can log in by a password. */
export interface Credential {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly passwordHash: string;
  /** Whether a login asks a code, too. */
  readonly secondFactor: boolean;
}

/** By e-mail, in lower case. */
export async function selectCredential(db: Db, email: string): Promise<Credential | undefined> {
  return credentials(db).where('users.login_email', '=', email).executeTakeFirst();
}

/** The same as it is now: whoever is changing it is waited for. */
export async function lockCredential(tx: Db, userId: string): Promise<Credential | undefined> {
  // In the order in which a password is changed, or two could wait for each other.
  await tx.selectFrom('accounts').select('id').where('userId', '=', userId).forShare().execute();
  return credentials(tx).where('users.id', '=', userId).forShare('users').executeTakeFirst();
}

function credentials(db: Db) {
  return db
    .selectFrom('users')
    .innerJoin('accounts', 'accounts.userId', 'users.id')
    .select([
      'users.id',
      'users.name',
      'users.email',
      'users.twoFactorEnabled as secondFactor',
      'accounts.password as passwordHash',
    ])
    .where('accounts.providerId', '=', 'credential')
    .where('accounts.password', 'is not', null)
    .$narrowType<{ passwordHash: string }>();
}

/** Null: this person does not log in by a password. */
export async function selectPasswordHash(db: Db, userId: string): Promise<string | null> {
  const row = await db
    .selectFrom('accounts')
    .select('password')
    .where('userId', '=', userId)
    .where('providerId', '=', 'credential')
    .executeTakeFirst();
  return row?.password ?? null;
}

export async function updatePasswordHash(db: Db, userId: string, hash: string): Promise<void> {
  await db
    .updateTable('accounts')
    .set({ password: hash })
    .where('userId', '=', userId)
    .where('providerId', '=', 'credential')
    .execute();
}

/** Replaces a hash by another one of the same password; not where the password was changed meanwhile. */
export async function updateOutdatedHash(
  db: Db,
  { userId, outdated, hash }: { userId: string; outdated: string; hash: string },
): Promise<void> {
  await db
    .updateTable('accounts')
    .set({ password: hash })
    .where('userId', '=', userId)
    .where('providerId', '=', 'credential')
    .where('password', '=', outdated)
    .execute();
}

export interface NewUser {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly passwordHash: string;
  readonly platformAdmin: boolean;
}

/** Stores a person who can log in by password, as better-auth would. */
export async function insertUser(
  tx: Transaction<Tables>,
  { id, name, email, passwordHash, platformAdmin }: NewUser,
): Promise<void> {
  await tx
    .insertInto('users')
    .values({ id, name, email: email.toLowerCase(), platform_admin: platformAdmin })
    .execute();
  const credential = { id, userId: id, accountId: id, providerId: 'credential' };
  await tx
    .insertInto('accounts')
    .values({ ...credential, password: passwordHash })
    .execute();
}

export interface NewSite {
  readonly slug: string;
  readonly name: string;
  readonly timeZone: string;
}

/** Stores a site with its built-in profiles and its owner. */
export async function insertSite(
  tx: Transaction<Tables>,
  { slug, name, timeZone }: NewSite,
  ownerId: string,
): Promise<void> {
  const { id } = await tx
    .insertInto('sites')
    .values({ slug, name, time_zone: timeZone })
    .returning('id')
    .executeTakeFirstOrThrow();
  await tx.insertInto('members').values({ site_id: id, user_id: ownerId, role: 'owner' }).execute();
  const profiles = BUILT_IN_PROFILES.map(({ name, description, options }) => ({
    site_id: id,
    name,
    description,
    built_in: true,
    options: JSON.stringify(options),
  }));
  await tx.insertInto('profiles').values(profiles).execute();
}
