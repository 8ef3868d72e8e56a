import type { SiteState } from '@netdelta/core/api/removal.ts';
import { type Kysely, sql, type Transaction } from 'kysely';
import type { SiteTransaction } from '../db/database.ts';
import type { Tables } from '../db/tables.ts';
import { siteStateOf } from '../sites/site-queries.ts';

type Db = Kysely<Tables>;

/** Has the site alone until the transaction ends: no scan of it begins meanwhile. */
export function selectSiteForRemoval(tx: Transaction<Tables>, siteId: string) {
  return tx
    .selectFrom('sites')
    .select(['id', 'slug', 'name', siteStateOf('sites').as('state')])
    .where('id', '=', siteId)
    .forUpdate()
    .executeTakeFirst();
}

/** Scans of a site that run or wait, the oldest first. Those that are being cancelled end by themselves. */
export async function selectLiveScans(
  db: Db,
  siteId: string,
  limit: number,
): Promise<{ id: string }[]> {
  return db
    .selectFrom('scans')
    .select('id')
    .where('site_id', '=', siteId)
    .where('status', 'in', ['running', 'waiting'])
    .orderBy('created_at')
    .limit(limit)
    .execute();
}

/** Whether all of the site was exported as NDJSON, or begun to be, within the last day. */
export async function selectWasExported(db: Db, siteId: string): Promise<boolean> {
  const entry = await db
    .selectFrom('audit_entries')
    .select('number')
    .where('site_id', '=', siteId)
    .where('action', '=', 'facts.exported')
    .where('at', '>', sql<Date>`now() - interval '1 day'`)
    .where(sql<boolean>`subject->>'id' = ${siteId} and after->>'format' = 'ndjson'`)
    .limit(1)
    .executeTakeFirst();
  return !!entry;
}

export async function updateDeactivated(
  db: Db,
  siteId: string,
  { deletes }: { deletes: boolean },
): Promise<void> {
  await db
    .updateTable('sites')
    .set({
      deactivated_at: sql<Date>`coalesce(deactivated_at, now())`,
      deleting_since: deletes ? sql<Date>`coalesce(deleting_since, now())` : null,
    })
    .where('id', '=', siteId)
    .execute();
}

/** False: it is not deactivated, or is being deleted. */
export async function updateRestored(db: Db, siteId: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('sites')
    .set({ deactivated_at: null })
    .where('id', '=', siteId)
    .where('deactivated_at', 'is not', null)
    .where('deleting_since', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Undefined: there is no such site. */
export async function selectSiteState(db: Db, siteId: string): Promise<SiteState | undefined> {
  const site = await db
    .selectFrom('sites')
    .select(siteStateOf('sites').as('state'))
    .where('id', '=', siteId)
    .executeTakeFirst();
  return site?.state;
}

/** Takes the site itself, with what is few of it; undefined: another one did. */
export function deleteSite(tx: Transaction<Tables>, siteId: string) {
  return tx
    .deleteFrom('sites')
    .where('id', '=', siteId)
    .where('deleting_since', 'is not', null)
    .returning(['slug', 'name', 'rows_deleted'])
    .executeTakeFirst();
}

/** Marks all groups of the site for deletion; answers them all. */
export async function updateAllDeleting(tx: SiteTransaction): Promise<string[]> {
  const rows = await tx
    .updateTable('groups')
    .set({ deleting_since: sql<Date>`coalesce(deleting_since, now())` })
    .returning('id')
    .execute();
  return rows.map(({ id }) => id);
}
