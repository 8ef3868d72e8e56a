import type { SiteQuotas } from '@netdelta/core/api/site.ts';
import { type Kysely, sql } from 'kysely';
import type { SiteTransaction } from '../db/database.ts';
import type { Tables } from '../db/tables.ts';

type Db = Kysely<Tables>;

export function selectQuotas(db: Db, siteId: string): Promise<SiteQuotas> {
  return db
    .selectFrom('sites')
    .select([
      'target_limit as targetLimit',
      'group_limit as groupLimit',
      'running_scan_limit as runningScanLimit',
      'import_limit as importLimit',
    ])
    .where('id', '=', siteId)
    .executeTakeFirstOrThrow();
}

export async function updateQuotas(db: Db, siteId: string, quotas: SiteQuotas): Promise<void> {
  await db
    .updateTable('sites')
    .set({
      target_limit: quotas.targetLimit,
      group_limit: quotas.groupLimit,
      running_scan_limit: quotas.runningScanLimit,
      import_limit: quotas.importLimit,
    })
    .where('id', '=', siteId)
    .execute();
}

/** What the groups of a site hold; without one of them. */
export function selectGroupUse(
  tx: SiteTransaction,
  siteId: string,
  besides: string | null = null,
): Promise<{ groups: number; targets: number }> {
  return tx
    .selectFrom('groups')
    .select([
      sql<number>`count(*)::int`.as('groups'),
      sql<number>`coalesce(sum(address_count::bigint + name_count), 0)::float`.as('targets'),
    ])
    .where('site_id', '=', siteId)
    .where('deleting_since', 'is', null)
    .where(sql<boolean>`id is distinct from ${besides}::uuid`)
    .executeTakeFirstOrThrow();
}

export async function selectRunningScans(tx: SiteTransaction, siteId: string): Promise<number> {
  const { running } = await tx
    .selectFrom('scans')
    .select(sql<number>`count(*)::int`.as('running'))
    .where('site_id', '=', siteId)
    .where('status', 'in', ['running', 'cancelling'])
    .executeTakeFirstOrThrow();
  return running;
}

/** Makes all who take of one quota of a site wait for each other until the transaction ends. */
export async function lockQuota(
  tx: SiteTransaction,
  siteId: string,
  what: 'groups' | 'scans',
): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`quota ${what} ${siteId}`}, 0))`.execute(
    tx,
  );
}
