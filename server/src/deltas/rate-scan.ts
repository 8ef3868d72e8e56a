import { rateDelta } from '@netdelta/core/evidence/rate-delta.ts';
import { parsePortSet } from '@netdelta/core/snapshot/port-set.ts';
import type { SiteTransaction } from '../db/database.ts';
import type { ScanRow } from '../scans/scan-queries.ts';
import { selectDeltasToRate, selectPasts, updateRatings } from './rating-queries.ts';
import { readDelta } from './read-delta.ts';
import { selectSettings } from './settings-queries.ts';

/** Rates all deltas of a scan by the group's earlier scans and the site's settings: load, decide, save. */
export async function rateScan(tx: SiteTransaction, scan: ScanRow): Promise<void> {
  if (scan.delta_count === 0) return;
  const { historyWindow: window, dangerPorts } = await selectSettings(tx, scan.site_id);
  const { ports } = parsePortSet(dangerPorts);
  const rows = await selectDeltasToRate(tx, scan.id);
  const pasts = new Map((await selectPasts(tx, scan, window)).map((past) => [past.id, past]));
  const ratings = rows.flatMap((row) => {
    const past = pasts.get(row.id);
    if (!past) return [];
    const { scans, last, times, targets } = past;
    const rated = rateDelta(readDelta(row), { window, scans, last, times, targets }, ports);
    return [[row.id, rated] as const];
  });
  await updateRatings(tx, scan.site_id, ratings);
}
