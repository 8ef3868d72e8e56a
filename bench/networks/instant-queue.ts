import type { JobData, JobName, Queue } from '../../server/src/queue/queue.ts';

interface WaitingJob {
  readonly name: JobName;
  readonly data: JobData[JobName];
}
type AnyHandler = (data: JobData[JobName], context: object) => Promise<void>;

/** A queue in memory: jobs wait until `drain` runs them all, and those that they enqueue, some at a time. */
export function createInstantQueue(): Queue & {
  readonly drain: (atOnce: number) => Promise<void>;
} {
  const handlers = new Map<JobName, AnyHandler>();
  let waiting: WaitingJob[] = [];
  const context = { signal: new AbortController().signal, retries: 0, lastAttempt: false };
  const run = async () => {
    for (let job = waiting.shift(); job; job = waiting.shift())
      await handlers.get(job.name)?.(job.data, context);
  };
  return {
    enqueue: async (_tx, name, data) => void waiting.push({ name, data }),
    work: async (name, _concurrency, handler) => void handlers.set(name, handler as AnyHandler),
    start: async () => undefined,
    stop: async () => {
      waiting = [];
    },
    drain: async (atOnce) => {
      while (waiting.length > 0) await Promise.all(Array.from({ length: atOnce }, run));
    },
  };
}
