import type { CloseScan } from '../scans/scan-lifecycle.ts';
import { rateScan } from './rate-scan.ts';

/** What is decided of a scan's deltas when all of them are known, before anybody is told of them. */
export const closeScan: CloseScan = async (tx, scan) => {
  await rateScan(tx, scan);
};
