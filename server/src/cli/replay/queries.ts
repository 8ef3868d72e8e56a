import { sql } from 'kysely';
import type { Database, SiteTransaction } from '../../db/database.ts';

const NAMED = 10;

/** The first sites by slug, or the one with this slug. */
export function selectSites({ system }: Database, slug: string | undefined) {
  return system
    .selectFrom('sites')
    .select(['id', 'slug', 'name', 'time_zone as timeZone', 'target_limit as targetLimit'])
    .$if(slug !== undefined, (query) => query.where('slug', '=', slug as string))
    .orderBy('slug')
    .limit(NAMED)
    .execute();
}

/** The group of this name, in any case, or of this id. */
export function selectGroup(tx: SiteTransaction, nameOrId: string) {
  return tx
    .selectFrom('groups')
    .select(['id', 'name'])
    .where(sql<boolean>`lower(name) = lower(${nameOrId}) or id::text = lower(${nameOrId})`)
    .orderBy(sql`lower(name) = lower(${nameOrId})`, 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** The names of the first groups. */
export async function selectGroupNames(tx: SiteTransaction): Promise<string[]> {
  const rows = await tx
    .selectFrom('groups')
    .select('name')
    .orderBy(sql`lower(name)`)
    .limit(NAMED)
    .execute();
  return rows.map(({ name }) => name);
}
