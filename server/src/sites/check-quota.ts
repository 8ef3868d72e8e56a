import type { ApiError } from '@netdelta/core/api/page.ts';
import type { SiteTransaction } from '../db/database.ts';
import { lockQuota, selectGroupUse, selectQuotas, selectRunningScans } from './quota-queries.ts';

/** A group that is made or edited, by how much it holds. */
export interface GroupSize {
  /** Null: a new one. */
  readonly id: string | null;
  /** Addresses and host names; of a group that is edited also before. */
  readonly before: number;
  readonly after: number;
}

/** Why the site's quotas have no room for a group; what makes it no larger is always taken. */
export async function checkGroupQuota(
  tx: SiteTransaction,
  siteId: string,
  { id, before, after }: GroupSize,
): Promise<ApiError['problems']> {
  if (id !== null && after <= before) return [];
  await lockQuota(tx, siteId, 'groups');
  const { targetLimit, groupLimit } = await selectQuotas(tx, siteId);
  const used = await selectGroupUse(tx, siteId, id);
  const problems: ApiError['problems'] = [];
  if (id === null && used.groups >= groupLimit)
    problems.push({ path: 'name', message: `is one group too many: ${tooManyGroups(groupLimit)}` });
  // More than a site may have at all is said where the targets are read.
  if (after <= targetLimit && used.targets + after > targetLimit)
    problems.push({ path: 'targets', message: describeRoom(used.targets, after, targetLimit) });
  return problems;
}

function tooManyGroups(most: number): string {
  return `this site may have ${write(most)}. Delete one, or ask an administrator of the platform for more`;
}

function describeRoom(used: number, wanted: number, most: number): string {
  const left = Math.max(0, most - used);
  return `make ${write(wanted)} hosts, and of the ${write(most)} that this site may have in all its groups ${write(left)} are left. Take some out, or ask an administrator of the platform for more`;
}

function write(count: number): string {
  return count.toLocaleString('en');
}

/** Whether one more scan of the site may run now; who is told so has the place until the transaction ends. */
export async function takeScanSlot(tx: SiteTransaction, siteId: string): Promise<boolean> {
  const { runningScanLimit } = await selectQuotas(tx, siteId);
  if (runningScanLimit === null) return true;
  await lockQuota(tx, siteId, 'scans');
  return (await selectRunningScans(tx, siteId)) < runningScanLimit;
}
