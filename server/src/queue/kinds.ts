import type { JobName } from './queue.ts';

interface JobKind {
  /** Attempts after the first one. A worker that vanishes costs one of them. */
  readonly retryLimit: number;
  /** Seconds before the first retry; it doubles with each. */
  readonly retryDelay: number;
  /** Seconds, the longest pause between two attempts. */
  readonly retryDelayMax: number;
  /** Seconds after which a handler that still runs is aborted. At most a day (pg-boss). */
  readonly expireInSeconds: number;
}

const MINUTE = 60;
const HOUR = 3_600;

/** It goes on where it stopped. */
const REMOVAL: JobKind = {
  retryLimit: 50,
  retryDelay: 5,
  retryDelayMax: HOUR,
  expireInSeconds: 12 * HOUR,
};

/** How each kind of job is retried, in one place. */
export const JOB_KINDS: Readonly<Record<JobName, JobKind>> = {
  'scan.start': {
    retryLimit: 10,
    retryDelay: 2,
    retryDelayMax: 5 * MINUTE,
    expireInSeconds: 10 * MINUTE,
  },
  'scan.begin': {
    retryLimit: 20,
    retryDelay: 2,
    retryDelayMax: 5 * MINUTE,
    expireInSeconds: 10 * MINUTE,
  },
  'scan.shard': {
    // A worker that stops gives its shard back, which costs one too; the shard counts its failures.
    retryLimit: 50,
    retryDelay: 2,
    retryDelayMax: MINUTE,
    expireInSeconds: 24 * HOUR,
  },
  'alert.scan': {
    retryLimit: 20,
    retryDelay: 2,
    retryDelayMax: 10 * MINUTE,
    expireInSeconds: 10 * MINUTE,
  },
  'notification.send': {
    retryLimit: 20,
    retryDelay: 5,
    retryDelayMax: HOUR,
    expireInSeconds: 5 * MINUTE,
  },
  'retention.run': {
    // It goes on where it stopped; what is left after all goes the next night.
    retryLimit: 5,
    retryDelay: MINUTE,
    retryDelayMax: HOUR,
    expireInSeconds: 12 * HOUR,
  },
  'group.delete': REMOVAL,
  'site.remove': REMOVAL,
  'invitation.send': {
    retryLimit: 20,
    retryDelay: 10,
    retryDelayMax: HOUR,
    expireInSeconds: 5 * MINUTE,
  },
  'account-notice.send': {
    retryLimit: 20,
    retryDelay: 10,
    retryDelayMax: HOUR,
    expireInSeconds: 5 * MINUTE,
  },
  'login-locked.send': {
    retryLimit: 8,
    retryDelay: 10,
    retryDelayMax: 10 * MINUTE,
    expireInSeconds: 5 * MINUTE,
  },
  'password-reset.send': {
    // Its link is valid for an hour.
    retryLimit: 8,
    retryDelay: 10,
    retryDelayMax: 10 * MINUTE,
    expireInSeconds: 5 * MINUTE,
  },
};

/** A worker that does not show life for so long is dead: its job goes to another. pg-boss's least. */
export const HEARTBEAT_SECONDS = 10;
