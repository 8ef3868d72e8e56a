import { nextRetention } from '@netdelta/core/retention/next-retention.ts';
import type { Queue } from '../queue/queue.ts';
import { deleteExpiredSessions, selectDueSite, updateNextRetention } from './run-queries.ts';
import { type RetentionParts, runRetention } from './run-retention.ts';

/** Takes the jobs of retention, one at a time: it is never urgent. */
export async function startRetentionWorkers(
  parts: RetentionParts & { readonly queue: Queue },
): Promise<void> {
  await parts.queue.work('retention.run', 1, async ({ siteId }, { signal }) => {
    await runRetention(parts, siteId, signal);
  });
}

const LOOK_EVERY_MS = 60_000;
const MOST_AT_ONCE = 100;

/**
 * Enqueues the retention of every site once a day in its night, and forgets sessions that have ended.
 * Any number of these may run on one database.
 */
export function createRetentionScheduler(
  parts: RetentionParts & { readonly queue: Queue },
  everyMs = LOOK_EVERY_MS,
): { start: () => void; stop: () => Promise<void> } {
  let timer: NodeJS.Timeout | undefined;
  let looking = Promise.resolve();
  const look = async () => {
    let due = 0;
    while (due < MOST_AT_ONCE && (await enqueueNext(parts))) due += 1;
    if (due > 0) await deleteExpiredSessions(parts.database);
  };
  const lookSafely = () => {
    looking = looking
      .then(look)
      .catch((error) => parts.log.warn({ err: error }, 'could not look for sites to tidy'));
  };
  return {
    start: () => {
      timer = setInterval(lookSafely, everyMs);
      lookSafely();
    },
    stop: () => {
      clearInterval(timer);
      return looking;
    },
  };
}

/** False: no site is due. */
async function enqueueNext({
  database,
  queue,
}: RetentionParts & { readonly queue: Queue }): Promise<boolean> {
  return database.system.transaction().execute(async (tx) => {
    const now = new Date();
    const site = await selectDueSite(tx, now);
    if (!site) return false;
    await queue.enqueue(tx, 'retention.run', { siteId: site.id }, { key: site.id });
    await updateNextRetention(
      tx,
      site.id,
      nextRetention(site.id, site.timeZone, now.toISOString()),
    );
    return true;
  });
}
