/** What retention takes, in the order in which it does. */
export const EXPIRING = [
  'scans',
  'shards',
  'bases',
  'refutations',
  'notifications',
  'intervals',
  'deltas',
] as const;
export type Expiring = (typeof EXPIRING)[number];

/**
 * How many rows of each expired, and about how many bytes they took. `scans`: those that lost their
 * details; `shards`: with sight and engine output; `bases`: sights by which no other is kept any more.
 */
export type Expired = Readonly<Partial<Record<Expiring | 'bytes', number>>>;

/** The parts of a site's data, as a person sees them. */
export const STORED = ['details', 'mails', 'belief', 'history', 'deltas', 'scans'] as const;
export type Stored = (typeof STORED)[number];

export interface StoredSize {
  readonly rows: number;
  /** With indexes. */
  readonly bytes: number;
}

/** What a site's data takes, by part; estimates. */
export type StorageSizes = Readonly<Record<Stored, StoredSize>>;

/** Both together. */
export function addExpired(one: Expired, other: Expired): Expired {
  const sum = (key: Expiring | 'bytes') => (one[key] ?? 0) + (other[key] ?? 0);
  const keys = [...EXPIRING, 'bytes' as const].filter((key) => sum(key) > 0);
  return Object.fromEntries(keys.map((key) => [key, sum(key)]));
}
