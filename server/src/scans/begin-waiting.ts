import type { Database } from '../db/database.ts';
import { takeScanSlot } from '../sites/check-quota.ts';
import { type BeginParts, beginScan } from './scan-lifecycle.ts';
import { selectNextWaiting, selectPlanForUpdate } from './scan-queries.ts';

/**
 * Begins the scans of a site that wait, the oldest first, as long as its quota has room; each in a
 * transaction of its own, as one that holds a group may not wait for another.
 */
export async function beginWaiting(
  { database, ...parts }: BeginParts & { readonly database: Database },
  siteId: string,
): Promise<void> {
  while (await database.withSite(siteId, (tx) => beginOne(tx, parts, siteId)));
}

async function beginOne(
  tx: Parameters<typeof beginScan>[0],
  parts: BeginParts,
  siteId: string,
): Promise<boolean> {
  const found = await selectNextWaiting(tx, siteId);
  if (!found) return false;
  const plan = await selectPlanForUpdate(tx, found.groupId);
  // With the group held, it is seen again: somebody may have begun or cancelled it meanwhile.
  const next = await selectNextWaiting(tx, siteId);
  if (!plan || next?.id !== found.id) return true;
  if (!(await takeScanSlot(tx, siteId))) return false;
  await beginScan(tx, parts, { siteId, scanId: found.id, plan });
  return true;
}
