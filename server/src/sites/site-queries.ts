import type { SiteState } from '@netdelta/core/api/removal.ts';
import { type Kysely, sql } from 'kysely';
import type { SiteTransaction } from '../db/database.ts';
import type { Tables } from '../db/tables.ts';

/** What a site is, as an expression; `sites` is the name that the table has there. */
export function siteStateOf(sites: 'sites' | 's') {
  const column = (name: string) => sql.ref(`${sites}.${name}`);
  return sql<SiteState>`case when ${column('deleting_since')} is not null then 'deleting'
    when ${column('deactivated_at')} is not null then 'deactivated' else 'active' end`;
}

/** A site by its address, whatever its state; undefined: there is none. */
export function selectSiteBySlug(db: Kysely<Tables>, slug: string) {
  return db
    .selectFrom('sites')
    .select(['id', 'slug', 'name', 'time_zone as timeZone', siteStateOf('sites').as('state')])
    .where('slug', '=', slug)
    .executeTakeFirst();
}

/**
 * Whether the site is in use, and stays so until the transaction ends: whoever deactivates it waits for
 * that, and who waits for them finds it deactivated.
 */
export async function holdActive(tx: SiteTransaction, siteId: string): Promise<boolean> {
  const site = await tx
    .selectFrom('sites')
    .select('id')
    .where('id', '=', siteId)
    .where('deactivated_at', 'is', null)
    .forShare()
    .executeTakeFirst();
  return !!site;
}
