import type { CloseScan } from '../scans/scan-lifecycle.ts';
import { judgeGroup } from './judge-group.ts';
import { endNew } from './new-hosts-queries.ts';
import { rateScan } from './rate-scan.ts';
import { foldSearchBlocks } from './search-block-queries.ts';
import { foldTallies } from './tally-queries.ts';

/** What is decided of a scan when all of it is known, before anybody is told of its deltas. */
export const closeScan: CloseScan = async (tx, scan) => {
  const { identity, id: scanId, site_id: siteId, group_id: groupId } = scan;
  const at = (scan.finished_at ?? new Date()).toISOString();
  await rateScan(tx, identity === 'address' ? scan : await judgeGroup(tx, scan, identity));
  await endNew(tx, { siteId, groupId, scanId, at });
  await foldTallies(tx, groupId);
  await foldSearchBlocks(tx, groupId);
};
