import type { ScopeEnding } from '@netdelta/core/api/scope.ts';
import { dayAt, daysBetween } from '@netdelta/core/scope/day.ts';
import type { SiteTransaction } from '../db/database.ts';
import { selectScopeEndings } from './scope-queries.ts';

const SOON_MS = 15 * 86_400_000;

/** Authorisations that have expired, or do within 14 days: a few, those that ended first. */
export async function listScopeEndings(
  tx: SiteTransaction,
  { id, timeZone }: { id: string; timeZone: string },
): Promise<ScopeEnding[]> {
  const now = Date.now();
  const today = dayAt(now, timeZone);
  const rows = await selectScopeEndings(tx, id, dayAt(now + SOON_MS, timeZone));
  return rows.map((row) => ({
    targets: row.targets_text,
    authorisedBy: row.authorised_by,
    validUntil: row.valid_until,
    daysLeft: daysBetween(today, row.valid_until),
  }));
}
