import { BUILT_IN_PROFILES } from '@netdelta/core/profile/built-in.ts';
import type { Kysely } from 'kysely';
import type { Tables } from '../../db/tables.ts';
import type { RequestPerson, RequestSite } from '../site-routes.ts';

/** Stores a site with one owner and the built-in profiles. */
export async function insertTestSite(
  db: Kysely<Tables>,
  { slug, name, timeZone, targetLimit }: Omit<RequestSite, 'id'>,
  { id: userId, name: userName, email, role }: RequestPerson,
): Promise<RequestSite> {
  const { id } = await db
    .insertInto('sites')
    .values({ slug, name, time_zone: timeZone, target_limit: targetLimit })
    .returning('id')
    .executeTakeFirstOrThrow();
  await db.insertInto('users').values({ id: userId, name: userName, email }).execute();
  await db.insertInto('members').values({ site_id: id, user_id: userId, role }).execute();
  const profiles = BUILT_IN_PROFILES.map(({ options, ...profile }) => ({
    ...profile,
    site_id: id,
    built_in: true,
    options: JSON.stringify(options),
  }));
  await db.insertInto('profiles').values(profiles).execute();
  return { id, slug, name, timeZone, targetLimit };
}
