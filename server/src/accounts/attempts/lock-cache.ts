const LONGEST_MS = 5_000;
const MOST_REMEMBERED = 20_000;

/** Remembers for some seconds what is locked: a flood of attempts costs no question to the database. */
export interface LockCache {
  /** Until when; null: ask the database. */
  readonly find: (key: string) => Date | null;
  readonly note: (key: string, lockedUntil: Date) => void;
}

export function createLockCache(now: () => number = Date.now): LockCache {
  const locks = new Map<string, { readonly until: Date; readonly believedUntil: number }>();
  return {
    find: (key) => {
      const lock = locks.get(key);
      if (!lock) return null;
      if (Math.min(lock.believedUntil, lock.until.getTime()) > now()) return lock.until;
      locks.delete(key);
      return null;
    },
    note: (key, until) => {
      if (locks.size >= MOST_REMEMBERED) locks.clear();
      locks.set(key, { until, believedUntil: now() + LONGEST_MS });
    },
  };
}
