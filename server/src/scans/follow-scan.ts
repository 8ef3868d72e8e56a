import type { ScanView } from '@netdelta/core/api/scans.ts';
import type { FastifyBaseLogger } from 'fastify';
import type { Live } from '../db/live.ts';
import type { SendEvent } from '../http/sse.ts';

const LOOK_EVERY_MS = 1_000;
const OPEN = new Set(['waiting', 'running', 'cancelling']);

interface Follower {
  readonly live: Live;
  readonly scanId: string;
  readonly view: () => Promise<ScanView>;
  readonly send: SendEvent;
  readonly end: () => void;
  readonly log: FastifyBaseLogger;
}

/** Sends a scan as it is now, then after each change at most once a second, and ends with the scan. */
export function followScan({ live, scanId, view, send, end, log }: Follower): () => void {
  let changed = true;
  let looking = false;
  const look = async () => {
    if (!changed || looking) return;
    changed = false;
    looking = true;
    const scan = await view().finally(() => {
      looking = false;
    });
    send({ type: 'scan', data: scan });
    if (!OPEN.has(scan.status)) end();
  };
  const lookSafely = () => {
    look().catch((error) => {
      changed = true;
      log.warn({ err: error }, 'could not look at a scan that a page follows');
    });
  };
  const unsubscribe = live.subscribe((event) => {
    if (event.id === scanId) changed = true;
  });
  const timer = setInterval(lookSafely, LOOK_EVERY_MS);
  lookSafely();
  return () => {
    clearInterval(timer);
    unsubscribe();
  };
}
