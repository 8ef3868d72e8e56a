import type { Database } from '../db/database.ts';
import type { Live } from '../db/live.ts';
import type { Log } from '../log.ts';
import { type ScanRow, selectScan } from './scan-queries.ts';
import type { ShardRow } from './shard-queries.ts';
import { readReach } from './shard-reach.ts';

const POLL_MS = 2_000;

/** Why a shard is stopped whose scan goes on. */
export const OUTSIDE_SCOPE = Symbol('outside of the scope');

/**
 * A signal that aborts when the scan is cancelled, told by a live event and looked for in case one was
 * lost; or, for the reason OUTSIDE_SCOPE, when what is asked may not be asked any more.
 */
export function watchCancel(
  { database, live, log }: { database: Database; live: Live; log: Log },
  scan: ScanRow,
  asked: Pick<ShardRow, 'site_id' | 'addresses' | 'names'>,
): { signal: AbortSignal; end: () => void } {
  const cancelled = new AbortController();
  const look = async () => {
    const { status, reach } = await database.withSite(scan.site_id, async (tx) => ({
      status: (await selectScan(tx, scan.id))?.status,
      reach: await readReach(tx, asked),
    }));
    if (status !== 'running') cancelled.abort();
    else if (reach.outside.length > 0) cancelled.abort(OUTSIDE_SCOPE);
  };
  const lookSafely = () => {
    look().catch((error) =>
      log.warn({ err: error, scanId: scan.id }, 'could not look for a cancelled scan'),
    );
  };
  const unsubscribe = live.subscribe((event) => {
    if (event.type === 'scan' && event.id === scan.id) lookSafely();
  });
  const timer = setInterval(lookSafely, POLL_MS);
  const end = () => {
    clearInterval(timer);
    unsubscribe();
  };
  return { signal: cancelled.signal, end };
}
