/** What retention takes, in the order in which it does, and what a preview counts. */
export const EXPIRING = [
  'scans',
  'shards',
  'sights',
  'refutations',
  'notifications',
  'intervals',
  'deltas',
] as const;
export type Expiring = (typeof EXPIRING)[number];

/**
 * How many of each expired. `scans`: that lost their details; `shards`: their rows, with engine
 * output and sight; `sights`: bases that nothing is kept by any more.
 */
export type Expired = Readonly<Partial<Record<Expiring, number>>>;

/** The parts of a site's data as a person sees them. */
export const STORED = ['details', 'mails', 'belief', 'history', 'deltas', 'scans'] as const;
export type Stored = (typeof STORED)[number];

/** What a site's data takes, by part: bytes with indexes, and rows; both estimates. */
export type StorageSizes = Readonly<
  Record<Stored, { readonly rows: number; readonly bytes: number }>
>;
