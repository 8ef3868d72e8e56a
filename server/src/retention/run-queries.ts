import type { Expired, StorageSizes } from '@netdelta/core/retention/storage.ts';
import { type Selectable, sql } from 'kysely';
import type { Database, SiteTransaction } from '../db/database.ts';
import type { RetentionRunsTable } from '../db/record-tables.ts';

export type RetentionRunRow = Selectable<RetentionRunsTable>;

/** What a site keeps, and how many scans its ratings look back. */
export function selectRule(tx: SiteTransaction, siteId: string) {
  return tx
    .selectFrom('sites')
    .select([
      'detail_days as detailDays',
      'history_months as historyMonths',
      'history_window as historyWindow',
      'retention_next_at as nextAt',
    ])
    .where('id', '=', siteId)
    .executeTakeFirst();
}

export async function updateRule(
  tx: SiteTransaction,
  siteId: string,
  rule: { detailDays: number; historyMonths: number | null },
): Promise<void> {
  await tx
    .updateTable('sites')
    .set({ detail_days: rule.detailDays, history_months: rule.historyMonths })
    .where('id', '=', siteId)
    .execute();
}

export async function insertRun(
  tx: SiteTransaction,
  siteId: string,
  rule: { detailDays: number; historyMonths: number | null },
): Promise<string> {
  const { id } = await tx
    .insertInto('retention_runs')
    .values({
      site_id: siteId,
      started_at: sql<Date>`now()`,
      detail_days: rule.detailDays,
      history_months: rule.historyMonths,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** Notes what a run has taken so far. */
export async function updateRun(tx: SiteTransaction, id: string, expired: Expired): Promise<void> {
  await tx
    .updateTable('retention_runs')
    .set({ expired: JSON.stringify(expired) })
    .where('id', '=', id)
    .execute();
}

export async function updateRunEnded(
  tx: SiteTransaction,
  id: string,
  { expired, sizes }: { expired: Expired; sizes: StorageSizes },
): Promise<void> {
  await tx
    .updateTable('retention_runs')
    .set({
      expired: JSON.stringify(expired),
      sizes: JSON.stringify(sizes),
      finished_at: sql`now()`,
    })
    .where('id', '=', id)
    .execute();
}

/** The last runs of the site, newest first. */
export function selectRuns(tx: SiteTransaction, limit: number): Promise<RetentionRunRow[]> {
  return tx.selectFrom('retention_runs').selectAll().orderBy('id', 'desc').limit(limit).execute();
}

const RUNS_KEPT = '400 days';

/** Runs are their own history: more than a year of them, to tell how the data grew. */
export async function deleteOldRuns(tx: SiteTransaction): Promise<void> {
  await tx
    .deleteFrom('retention_runs')
    .where(sql<boolean>`started_at < now() - ${RUNS_KEPT}::interval`)
    .execute();
}

/** Locks one site whose retention is due and that no other scheduler holds. */
export function selectDueSite(tx: Database['system'], now: Date) {
  return tx
    .selectFrom('sites')
    .select(['id', 'time_zone as timeZone'])
    .where('retention_next_at', '<=', now)
    .where('deactivated_at', 'is', null)
    .orderBy('retention_next_at')
    .limit(1)
    .forNoKeyUpdate()
    .skipLocked()
    .executeTakeFirst();
}

export async function updateNextRetention(
  tx: Database['system'],
  siteId: string,
  at: string,
): Promise<void> {
  await tx.updateTable('sites').set({ retention_next_at: at }).where('id', '=', siteId).execute();
}

/**
 * What belongs to no site: sessions, and links that were sent, that nobody can use any more; where nobody
 * has logged in from for long; and counted attempts whose levels have sunk to nothing.
 */
export async function deleteExpiredSessions({ system }: Database): Promise<void> {
  await sql`delete from sessions where "expiresAt" < now()`.execute(system);
  await sql`delete from verifications where "expiresAt" < now()`.execute(system);
  await sql`delete from known_places where last_at < now() - interval '120 days'`.execute(system);
  await sql`delete from attempts where last_at < now() - interval '2 days'`.execute(system);
  await sql`delete from passkey_challenges where expires_at < now()`.execute(system);
}
