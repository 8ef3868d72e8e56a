import type { Database } from '../../db/database.ts';
import { createLog } from '../../log.ts';
import { createQueue } from '../../queue/create-queue.ts';
import type { Queue } from '../../queue/queue.ts';

const GRACE_MS = 1_000;

/** Does something that enqueues jobs, which workers take; none is taken here. */
export async function withQueue<T>(
  database: Database,
  work: (queue: Queue) => Promise<T>,
): Promise<T> {
  const log = createLog({ level: 'silent', readable: false, write: () => undefined });
  const queue = createQueue(urlOf(database), { log, works: false });
  await queue.start();
  try {
    return await work(queue);
  } finally {
    await queue.stop(GRACE_MS);
  }
}

/** Where the database is. */
export function urlOf({ pool }: Database): string {
  return pool.options.connectionString ?? '';
}
