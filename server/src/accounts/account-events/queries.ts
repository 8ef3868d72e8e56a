import type { Kysely } from 'kysely';
import type { Tables } from '../../db/tables.ts';

type Db = Kysely<Tables>;

export async function selectSiteIdsOf(db: Db, userId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('members')
    .select('site_id')
    .where('user_id', '=', userId)
    .execute();
  return rows.map(({ site_id }) => site_id);
}

export async function selectAddressee(db: Db, userId: string) {
  return db.selectFrom('users').select('email').where('id', '=', userId).executeTakeFirst();
}

/** Undefined: the site is gone. */
export async function selectPlace(db: Db, siteId: string) {
  return db
    .selectFrom('sites')
    .select(['slug', 'time_zone as timeZone'])
    .where('id', '=', siteId)
    .executeTakeFirst();
}
