import type { Database } from '../db/database.ts';
import type { Live } from '../db/live.ts';
import type { Log } from '../log.ts';
import { type ScanRow, selectScan } from './scan-queries.ts';

const POLL_MS = 2_000;

/** A signal that aborts when the scan is cancelled: told by a live event, and looked for in case one was lost. */
export function watchCancel(
  { database, live, log }: { database: Database; live: Live; log: Log },
  scan: ScanRow,
): { signal: AbortSignal; end: () => void } {
  const cancelled = new AbortController();
  const look = async () => {
    const now = await database.withSite(scan.site_id, (tx) => selectScan(tx, scan.id));
    if (now?.status !== 'running') cancelled.abort();
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
