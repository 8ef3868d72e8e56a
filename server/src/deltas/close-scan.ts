import type { CloseScan } from '../scans/scan-lifecycle.ts';
import { judgeGroup } from './judge-group.ts';
import { rateScan } from './rate-scan.ts';
import { foldTallies } from './tally-queries.ts';

/** What is decided of a scan when all of it is known, before anybody is told of its deltas. */
export const closeScan: CloseScan = async (tx, scan) => {
  const { identity } = scan;
  await rateScan(tx, identity === 'address' ? scan : await judgeGroup(tx, scan, identity));
  await foldTallies(tx, scan.group_id);
};
