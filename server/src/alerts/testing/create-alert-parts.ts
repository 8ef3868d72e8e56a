import { pino } from 'pino';
import { createMailSender } from '../../channels/mail/mail-sender.ts';
import type { Database } from '../../db/database.ts';
import type { EnqueueOptions, JobData, JobName, Queue } from '../../queue/queue.ts';
import type { AlertParts } from '../jobs.ts';

export interface EnqueuedJob {
  readonly name: JobName;
  readonly data: JobData[JobName];
  readonly options?: EnqueueOptions | undefined;
}

/** Test data: the parts of the alerts on a real database and mail server, with a queue that only notes what it gets. */
export function createAlertParts(
  database: Database,
  smtpUrl: string | undefined,
): AlertParts & { readonly jobs: EnqueuedJob[] } {
  const jobs: EnqueuedJob[] = [];
  const queue: Queue = {
    enqueue: async (_tx, name, data, options) => {
      jobs.push({ name, data, options });
    },
    work: async () => undefined,
    start: async () => undefined,
    stop: async () => undefined,
  };
  return {
    database,
    queue,
    jobs,
    live: { publish: async () => undefined, subscribe: () => () => {}, close: async () => {} },
    mail: createMailSender({ smtpUrl, from: 'netdelta@example.org', timeoutMs: 5_000 }),
    log: pino({ level: 'silent' }),
    config: { baseUrl: new URL('https://nd.example/') },
  };
}
