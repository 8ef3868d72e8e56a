import type { Kysely } from 'kysely';
import type { Tables } from '../db/tables.ts';

/** A site by its address, whatever its state; undefined: there is none. */
export function selectSiteBySlug(db: Kysely<Tables>, slug: string) {
  return db
    .selectFrom('sites')
    .select(['id', 'slug', 'name', 'time_zone as timeZone'])
    .where('slug', '=', slug)
    .executeTakeFirst();
}
