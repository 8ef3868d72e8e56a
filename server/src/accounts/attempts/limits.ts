import { createHash } from 'node:crypto';

/**
 * How often something may be tried. Each attempt raises a level by one, and time lowers it again (a
 * leaky bucket); at `most` there is a lock, which grows with each further attempt that fails.
 */
export interface AttemptLimit {
  readonly name: string;
  readonly most: number;
  /** Seconds in which the level sinks by one. */
  readonly drain: number;
  /** Seconds, the first lock; each further one is twice as long. */
  readonly firstLock: number;
  /** Seconds. */
  readonly longestLock: number;
}

const MINUTE = 60;
const HOUR = 3_600;
const DAY = 24 * HOUR;

/** One account at one place: 10 attempts, then a minute, two, four … an hour between two. */
export const AT_PLACE: AttemptLimit = {
  name: 'place',
  most: 10,
  drain: 2 * HOUR,
  firstLock: MINUTE,
  longestLock: HOUR,
};
/** One account from wherever its person has never been: against many addresses that guess together. */
export const BY_STRANGERS: AttemptLimit = {
  name: 'account',
  most: 100,
  drain: 36,
  firstLock: MINUTE,
  longestLock: 15 * MINUTE,
};
/** One address, whatever it asks for: against one password tried on many accounts. */
export const BY_ADDRESS: AttemptLimit = {
  name: 'address',
  most: 60,
  drain: 10,
  firstLock: MINUTE,
  longestLock: HOUR,
};
/** API keys that open nothing, by address. Those that do are never counted. */
export const BAD_KEYS: AttemptLimit = { ...BY_ADDRESS, name: 'key' };
/** Mails for a forgotten password to one address. */
export const RESET_MAILS: AttemptLimit = {
  name: 'reset',
  most: 3,
  drain: 20 * MINUTE,
  firstLock: 20 * MINUTE,
  longestLock: HOUR,
};
/** Mails of one site to people whom it invites. */
export const INVITATION_MAILS: AttemptLimit = {
  name: 'invitation',
  most: 100,
  drain: 36,
  firstLock: MINUTE,
  longestLock: HOUR,
};
/** Mails that tell somebody of a lockout: one a day, however many lockouts there are. */
export const LOCK_NOTICES: AttemptLimit = {
  name: 'notice',
  most: 1,
  drain: DAY,
  firstLock: DAY,
  longestLock: DAY,
};

/** Under what a limit is counted: nothing can be read from it. */
export function subjectOf({ name }: AttemptLimit, ...parts: readonly string[]): Buffer {
  return hashOf(name, ...parts);
}

/** Where somebody is: a network, or a browser by the token in its cookie. */
export function placeOf(kind: 'network' | 'browser', text: string): Buffer {
  return hashOf(kind, text);
}

function hashOf(...parts: readonly string[]): Buffer {
  return createHash('sha256').update(JSON.stringify(parts)).digest();
}
