import type { AccountNotice } from '@netdelta/core/access/account-notices.ts';
import type { Kysely } from 'kysely';
import type { Tables } from '../db/tables.ts';

/** Every kind of job, and what it carries. */
export interface JobData {
  /** Resolves names, cuts shards, enqueues them. */
  'scan.start': { siteId: string; scanId: string };
  /** Begins scans of a site that wait for others of its quota to end. */
  'scan.begin': { siteId: string };
  /**
   * One turn of a site, for its next shard. Scan and number name the job alone: it may get another shard.
   * `turn`: when it is taken among those of all sites; see EnqueueOptions.
   */
  'scan.shard': { siteId: string; scanId: string; number: number; turn: number };
  /** Writes the notifications of a finished scan into the outbox. */
  'alert.scan': { siteId: string; scanId: string };
  'notification.send': { siteId: string; notificationId: string };
  /** Takes what has expired in a site. */
  'retention.run': { siteId: string };
  /** Deletes a group that is marked for it, in small steps. */
  'group.delete': { siteId: string; groupId: string };
  /** Ends the scans of a deactivated site, and deletes it in small steps where that is wished. */
  'site.remove': { siteId: string };
  'invitation.send': { siteId: string; invitationId: string };
  /** For any address, known or not: the request tells nobody which. */
  'password-reset.send': { siteId: string; email: string };
  /** `siteId`: where it was done, null for nowhere in particular. */
  'account-notice.send': {
    userId: string;
    siteId: string | null;
    action: AccountNotice;
    detail: string | null;
    at: string;
    address: string | null;
    userAgent: string | null;
  };
  /** After a lockout, for any address, known or not. `siteId`: where it was tried, null: at the front door. */
  'login-locked.send': {
    siteId: string | null;
    /** The address by which somebody logs in, or that was typed; or the id of who is logged in. */
    account: string;
    /** ISO 8601 */
    at: string;
    address: string;
    userAgent: string | null;
  };
}
export type JobName = keyof JobData;

export interface EnqueueOptions {
  /** Not before this time. */
  readonly startAfter?: Date;
  /** A job of this name and key that still waits is not enqueued twice. */
  readonly key?: string;
  /** Jobs of one kind are taken by their turns, the smallest first, then by age. Absent: 0. */
  readonly turn?: number;
}

export interface JobContext {
  /** Aborted when the worker is told to stop, or the job's time is up. */
  readonly signal: AbortSignal;
  /** 0 at the first attempt. */
  readonly retries: number;
  /** When the handler throws now, the job is given up. */
  readonly lastAttempt: boolean;
}

/** Jobs in, jobs out. A job of a worker that vanished is given to another within 15 seconds. */
export interface Queue {
  /** Enqueues in the caller's transaction: no commit, no job. */
  readonly enqueue: <N extends JobName>(
    tx: Kysely<Tables>,
    name: N,
    data: JobData[N],
    options?: EnqueueOptions,
  ) => Promise<void>;
  /** Starts taking jobs of one kind, `concurrency` at a time. A throwing handler is retried with growing delays. */
  readonly work: <N extends JobName>(
    name: N,
    concurrency: number,
    handler: (data: JobData[N], context: JobContext) => Promise<void>,
  ) => Promise<void>;
  readonly start: () => Promise<void>;
  /** Takes no new jobs, aborts and gives back the running ones, within `graceMs`. */
  readonly stop: (graceMs: number) => Promise<void>;
}
