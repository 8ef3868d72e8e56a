import type { SiteState } from '@netdelta/core/api/removal.ts';
import { PLATFORM_LOG } from '../audit/platform-log.ts';
import { recordAudit, sourceOfProgram } from '../audit/record-audit.ts';
import { cancelScan, type ScanParts } from '../scans/scan-lifecycle.ts';
import { drain, type Removal, removeGroupInSteps } from './remove-group.ts';
import { addRowsDeleted, deleteSiteRows, lockRemoval, SITE_STEPS } from './row-queries.ts';
import {
  deleteSite,
  selectLiveScans,
  selectSiteState,
  updateAllDeleting,
} from './site-removal-queries.ts';

const SCANS_AT_ONCE = 100;

/**
 * Ends what runs in a deactivated site, and deletes it in small steps where that is wished. It may be
 * interrupted at any moment and run again. What the audit log holds of it stays.
 */
export async function removeSite(
  parts: ScanParts & Omit<Removal, 'ofSite'>,
): Promise<SiteState | 'deleted'> {
  const { database, siteId } = parts;
  const state = await selectSiteState(database.system, siteId);
  // It was restored meanwhile, or is gone.
  if (state === undefined || state === 'active') return state ?? 'deleted';
  await cancelAll(parts);
  if (state === 'deactivated') return state;
  const removal: Removal = { ...parts, ofSite: true };
  for (const groupId of await database.withSite(siteId, updateAllDeleting))
    await removeGroupInSteps(removal, groupId);
  for (const table of SITE_STEPS)
    await drain(removal, async (tx) => {
      await lockRemoval(tx, siteId);
      const rows = await deleteSiteRows(tx, siteId, table);
      await addRowsDeleted(tx, 'sites', { id: siteId, rows });
      return rows;
    });
  await deleteLast(parts);
  return 'deleted';
}

async function cancelAll(parts: ScanParts & Pick<Removal, 'database' | 'siteId' | 'signal'>) {
  const { database, siteId, signal } = parts;
  for (;;) {
    const scans = await selectLiveScans(database.system, siteId, SCANS_AT_ONCE);
    if (scans.length === 0) return;
    for (const { id } of scans) {
      signal.throwIfAborted();
      await database.withSite(siteId, (tx) => cancelScan(tx, parts, id));
    }
  }
}

async function deleteLast({ database, siteId }: Pick<Removal, 'database' | 'siteId'>) {
  await database.system.transaction().execute(async (tx) => {
    const site = await deleteSite(tx, siteId);
    if (!site) return;
    const subject = { kind: 'site', id: siteId, name: site.name };
    const after = { slug: site.slug, rows: Number(site.rows_deleted) };
    const source = sourceOfProgram('removal');
    await recordAudit(tx, PLATFORM_LOG, source, { action: 'site.erased', subject, after });
  });
}
