import type { SiteTransaction } from '../db/database.ts';
import type { Live } from '../db/live.ts';
import type { Queue } from '../queue/queue.ts';
import { takeScanSlot } from '../sites/check-quota.ts';
import { judgeTargets, loadScope } from '../sites/load-scope.ts';
import { selectQuotas } from '../sites/quota-queries.ts';
import { holdActive } from '../sites/site-queries.ts';
import {
  addScanProblems,
  insertScan,
  type NewScan,
  type ScanPlan,
  type ScanRow,
  selectOpenScans,
  selectPlanForUpdate,
  selectScanForUpdate,
  selectTargets,
  tryShareGroup,
  updateScan,
  updateScanBegun,
} from './scan-queries.ts';
import { cancelQueuedShards, countShardsDone, updateScanCovered } from './shard-queries.ts';
import { selectShardProblems, selectShardTotals } from './shard-totals-queries.ts';

/** What every step of a scan's life needs: where jobs go, and who wants to know. */
export interface ScanParts {
  readonly queue: Queue;
  readonly live: Live;
  readonly closeScan: CloseScan;
}

/** What a scan needs to begin. */
export type BeginParts = Omit<ScanParts, 'closeScan'>;

/** Decides what needs all of a scan's deltas, in the transaction that ends it. */
export type CloseScan = (tx: SiteTransaction, scan: ScanRow) => Promise<void>;

/** What became of a request for a scan. `refused` says why in `reason`. */
export type ScanOutcome =
  | { readonly outcome: 'started' | 'waiting'; readonly scanId: string }
  | {
      readonly outcome: 'refused';
      readonly code:
        | 'no-group'
        | 'scan-runs'
        | 'scan-waits'
        | 'import-runs'
        | 'outside-scope'
        | 'deactivated';
      readonly reason: string;
      readonly scanId: string | null;
    };

export interface ScanWish extends NewScan {
  readonly groupId: string;
  /** What to do while the group's last scan runs. */
  readonly whenRunning: 'wait' | 'skip';
}

/** Starts a scan of a group, or lets it wait: scans of one group never interleave. */
export async function requestScan(
  tx: SiteTransaction,
  parts: BeginParts,
  wish: ScanWish,
): Promise<ScanOutcome> {
  if (!(await holdActive(tx, wish.siteId))) {
    const reason = 'This site is deactivated.';
    return { outcome: 'refused', code: 'deactivated', reason, scanId: null };
  }
  if (!(await tryShareGroup(tx, wish.groupId))) {
    const reason = 'Past scans are being imported into this group. Scan it when that is done.';
    return { outcome: 'refused', code: 'import-runs', reason, scanId: null };
  }
  const plan = await selectPlanForUpdate(tx, wish.groupId);
  if (!plan) {
    const reason = 'There is no such group here.';
    return { outcome: 'refused', code: 'no-group', reason, scanId: null };
  }
  const outside = await findOutside(tx, wish);
  if (outside) return { outcome: 'refused', code: 'outside-scope', reason: outside, scanId: null };
  const [open, second] = await selectOpenScans(tx, wish.groupId);
  if (open && wish.whenRunning === 'skip')
    return {
      outcome: 'refused',
      code: 'scan-runs',
      reason: 'The last scan of this group still runs.',
      scanId: open.id,
    };
  if (second) {
    const reason = 'A scan of this group runs, and another already waits for it.';
    return { outcome: 'refused', code: 'scan-waits', reason, scanId: second.id };
  }
  const scanId = await insertScan(tx, plan, wish);
  if (open || !(await takeScanSlot(tx, wish.siteId))) return { outcome: 'waiting', scanId };
  await beginScan(tx, parts, { siteId: wish.siteId, scanId, plan });
  return { outcome: 'started', scanId };
}

/** Why the scope forbids a scan of the group; null: it does not, as far as addresses say. */
async function findOutside(
  tx: SiteTransaction,
  { siteId, groupId }: Pick<ScanWish, 'siteId' | 'groupId'>,
): Promise<string | null> {
  const scope = await loadScope(tx, siteId);
  return scope.length === 0 ? null : judgeTargets(scope, await selectTargets(tx, groupId));
}

/** Makes a waiting scan run; its group is held (`selectPlanForUpdate`), and nothing else of it runs. */
export async function beginScan(
  tx: SiteTransaction,
  { queue, live }: BeginParts,
  { siteId, scanId, plan }: { siteId: string; scanId: string; plan: ScanPlan },
): Promise<void> {
  await updateScanBegun(tx, scanId, plan);
  await queue.enqueue(tx, 'scan.start', { siteId, scanId });
  await live.publish(tx, { siteId, type: 'scan', id: scanId });
}

/**
 * Cancels a scan: at once when it waits, else its shards are called off and the workers that run
 * some end their engines. False: it was over already.
 */
export async function cancelScan(
  tx: SiteTransaction,
  parts: ScanParts,
  scanId: string,
): Promise<boolean> {
  const scan = await selectScanForUpdate(tx, scanId);
  if (scan?.status === 'waiting') {
    await updateScan(tx, scanId, { status: 'cancelled', finished_at: new Date() });
  } else if (scan?.status === 'running') {
    await updateScan(tx, scanId, { status: 'cancelling' });
    const shards = await cancelQueuedShards(tx, scanId);
    await endShards(tx, parts, { scanId, shards, deltas: 0 });
  } else return false;
  await parts.live.publish(tx, { siteId: scan.site_id, type: 'scan', id: scanId });
  return true;
}

/** Counts ended shards; the last one ends the scan. */
export async function endShards(
  tx: SiteTransaction,
  parts: ScanParts,
  { scanId, ...ended }: { scanId: string; shards: number; deltas: number },
): Promise<void> {
  const scan = await countShardsDone(tx, scanId, ended);
  if (scan.shards_done >= scan.shard_count) await endScan(tx, parts, scan);
  await parts.live.publish(tx, { siteId: scan.site_id, type: 'scan', id: scanId });
}

/** Ends a scan: sums it up, judges its deltas as a whole, tells the alerts, begins the group's next scan. */
export async function endScan(tx: SiteTransaction, parts: ScanParts, scan: ScanRow): Promise<void> {
  await sumUpScan(tx, parts, { scan, finishedAt: new Date() });
  const data = { siteId: scan.site_id, scanId: scan.id };
  await parts.queue.enqueue(tx, 'alert.scan', data);
  await beginNext(tx, parts, scan);
}

/** Sums up what a scan's shards saw, and judges its deltas as a whole. Nobody is told of them. */
export async function sumUpScan(
  tx: SiteTransaction,
  { closeScan }: Pick<ScanParts, 'closeScan'>,
  { scan, finishedAt }: { scan: ScanRow; finishedAt: Date },
): Promise<void> {
  const totals = await selectShardTotals(tx, scan.id);
  const problems = await selectShardProblems(tx, scan.id);
  await addScanProblems(
    tx,
    scan.id,
    problems.map(({ problem, shards }) => ({
      what: shards === 1 ? '1 shard' : `${shards} shards`,
      message: problem ?? '',
    })),
  );
  const ended = {
    status: decideEnd(scan.status === 'cancelling', totals),
    hosts_up: totals.hostsUp,
    services_open: totals.servicesOpen,
    loss: totals.loss,
    engine: totals.engine,
    engine_version: totals.engineVersion,
    finished_at: finishedAt,
  };
  await updateScan(tx, scan.id, ended);
  await updateScanCovered(tx, scan.id);
  await closeScan(tx, { ...scan, ...ended });
}

/** Ends a scan that could not even be cut into shards. */
export async function failScan(
  tx: SiteTransaction,
  parts: ScanParts,
  scanId: string,
): Promise<void> {
  const scan = await selectScanForUpdate(tx, scanId);
  if (scan?.status !== 'running' || scan.shard_count > 0) return;
  const message = "The scan could not start, however often it was tried. See the worker's log.";
  await addScanProblems(tx, scanId, [{ what: 'start', message }]);
  await endScan(tx, parts, scan);
  await parts.live.publish(tx, { siteId: scan.site_id, type: 'scan', id: scanId });
}

async function beginNext(tx: SiteTransaction, parts: BeginParts, ended: ScanRow): Promise<void> {
  const siteId = ended.site_id;
  const { runningScanLimit } = await selectQuotas(tx, siteId);
  const plan = await selectPlanForUpdate(tx, ended.group_id);
  // The place that is free now may be another group's, which may not be held besides this one. A job of
  // its own: one that waits already may look before this one has ended.
  if (runningScanLimit !== null) return parts.queue.enqueue(tx, 'scan.begin', { siteId });
  const [next] = await selectOpenScans(tx, ended.group_id);
  if (plan && next) await beginScan(tx, parts, { siteId, scanId: next.id, plan });
}

function decideEnd(
  cancelled: boolean,
  totals: { covered: number; unfinished: number },
): ScanRow['status'] {
  if (cancelled) return 'cancelled';
  if (totals.covered === 0) return 'failed';
  return totals.unfinished === 0 ? 'finished' : 'partial';
}
