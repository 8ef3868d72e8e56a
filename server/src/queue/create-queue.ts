import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import { type Db, type Job, PgBoss } from 'pg-boss';
import type { Tables } from '../db/tables.ts';
import type { Log } from '../log.ts';
import { JOB_KINDS } from './kinds.ts';
import { QUEUE_SCHEMA } from './migrate-queue.ts';
import type { EnqueueOptions, JobContext, JobData, JobName, Queue } from './queue.ts';

interface QueueParts {
  readonly log: Log;
  /** False for a process that only enqueues: it neither listens nor looks after lost jobs. */
  readonly works: boolean;
}

/**
 * The queue on pg-boss, in the database at `url`, which `migrateQueue` has prepared.
 * Between two polls (2 s) a worker is woken by NOTIFY; a dead worker's job is found within 11 s.
 */
export function createQueue(url: string, { log, works }: QueueParts): Queue {
  const boss = createBoss(url, works);
  const stopping = new AbortController();
  boss.on('error', (error) => log.warn({ err: error }, 'the queue lost its database'));
  boss.on('warning', (warning) => log.debug({ warning }, 'the queue warns'));
  return {
    start: async () => void (await boss.start()),
    enqueue: (tx, name, data, options) => enqueue({ boss, tx }, name, data, options),
    work: async (name, concurrency, handler) => {
      const options = { ...WORK, localConcurrency: concurrency };
      await boss.work<JobData[typeof name]>(name, options, async ([job]) => {
        if (job) await runJob(job, handler, { log, stopping });
      });
    },
    stop: async (graceMs) => {
      stopping.abort();
      await boss.stop({ timeout: graceMs });
    },
  };
}

type Handler<N extends JobName> = (data: JobData[N], context: JobContext) => Promise<void>;

/** While more than one job waits there is no pause between two: it would cap how many are done. */
const WORK = {
  batchSize: 1,
  burstWhenReadyExceeds: 1,
  pollingIntervalSeconds: 1,
  notifyPollingIntervalSeconds: 2,
} as const;

function createBoss(url: string, works: boolean): PgBoss {
  return new PgBoss({
    connectionString: url,
    schema: QUEUE_SCHEMA,
    application_name: 'netdelta queue',
    migrate: false,
    createSchema: false,
    schedule: false,
    supervise: works,
    superviseIntervalSeconds: 1,
    monitorIntervalSeconds: 1,
    queueCacheIntervalSeconds: 1,
    useListenNotify: works,
    max: works ? 6 : 2,
  });
}

async function enqueue<N extends JobName>(
  { boss, tx }: { boss: PgBoss; tx: Kysely<Tables> },
  name: N,
  data: JobData[N],
  { key, startAfter, turn }: EnqueueOptions = {},
): Promise<void> {
  const singletonKey = key ?? randomUUID();
  await boss.send(name, data, {
    singletonKey,
    db: dbOf(tx),
    ...(startAfter && { startAfter }),
    ...(turn !== undefined && { priority: priorityOf(turn) }),
  });
}

/** pg-boss takes the highest priority first, an int4: from its upper end there is room for 4e9 turns. */
function priorityOf(turn: number): number {
  return 2_000_000_000 - turn;
}

/** Lets pg-boss speak within the caller's transaction. */
function dbOf(tx: Kysely<Tables>): Db {
  return {
    executeSql: async (sql, values = []) => {
      const query = { kind: 'RawNode' as const, sqlFragments: [sql], parameters: [] };
      const result = await tx.executeQuery<unknown>({
        sql,
        parameters: values,
        query,
        queryId: { queryId: randomUUID() },
      });
      return { rows: [...result.rows] };
    },
  };
}

async function runJob<N extends JobName>(
  job: Job<JobData[N]>,
  handler: Handler<N>,
  { log, stopping }: { log: Log; stopping: AbortController },
): Promise<void> {
  const signal = AbortSignal.any([job.signal, stopping.signal]);
  const retries = job.retryCount;
  const lastAttempt = retries >= JOB_KINDS[job.name as N].retryLimit;
  try {
    await handler(job.data, { signal, retries, lastAttempt });
  } catch (error) {
    if (!signal.aborted) log.error({ err: error, job: job.name, retries }, 'a job failed');
    throw error;
  }
}
