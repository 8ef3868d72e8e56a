import type { Role } from '@netdelta/core/access/roles.ts';
import { type Kysely, sql } from 'kysely';
import type { Tables } from '../../db/tables.ts';
import { siteStateOf } from '../../sites/site-queries.ts';

type Db = Kysely<Tables>;

/** Whose account of their own it is: people whom a site's provider alone knows have none. */
export async function selectUser(db: Db, email: string) {
  return db
    .selectFrom('users')
    .select(['id', 'name', 'email'])
    .where('login_email', '=', email.toLowerCase())
    .executeTakeFirst();
}

export interface ListedUser {
  readonly email: string;
  readonly name: string;
  readonly platformAdmin: boolean;
  /** Known to the identity provider of a site alone. */
  readonly signsOn: boolean;
  /** `site: role`, by site. */
  readonly roles: readonly string[];
}

/** All people with their roles; of one site, those of that site. */
export async function selectUsers(db: Db, siteSlug: string | undefined): Promise<ListedUser[]> {
  return db
    .selectFrom('users')
    .leftJoin('members', 'members.user_id', 'users.id')
    .leftJoin('sites', 'sites.id', 'members.site_id')
    .select([
      'users.email',
      'users.name',
      'users.platform_admin as platformAdmin',
      sql<boolean>`users.home_site is not null`.as('signsOn'),
      sql<string[]>`coalesce(
        array_agg(sites.slug || ': ' || members.role order by sites.slug) filter (where sites.id is not null), '{}')`.as(
        'roles',
      ),
    ])
    .$if(siteSlug !== undefined, (query) => query.where('sites.slug', '=', siteSlug ?? ''))
    .groupBy('users.id')
    .orderBy('users.email')
    .execute();
}

export async function selectSites(db: Db) {
  return db
    .selectFrom('sites')
    .leftJoin('members', 'members.site_id', 'sites.id')
    .select([
      'slug',
      'name',
      'time_zone as timeZone',
      siteStateOf('sites').as('state'),
      sql<number>`count(user_id)::int`.as('members'),
    ])
    .groupBy('sites.id')
    .orderBy('slug')
    .execute();
}

/** Makes somebody a member, or gives a member another role. */
export async function upsertMember(
  db: Db,
  { siteId, userId, role }: { siteId: string; userId: string; role: Role },
): Promise<void> {
  await db
    .insertInto('members')
    .values({ site_id: siteId, user_id: userId, role })
    .onConflict((conflict) => conflict.columns(['site_id', 'user_id']).doUpdateSet({ role }))
    .execute();
}

export async function updateToPlatformAdmin(db: Db, userId: string): Promise<void> {
  await db.updateTable('users').set({ platform_admin: true }).where('id', '=', userId).execute();
}
