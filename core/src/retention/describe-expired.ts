import type { Expired, Expiring, Stored } from './storage.ts';

const NUMBER = new Intl.NumberFormat('en');
const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const;

/** Words of one and of many, in the order in which they are told. */
const WORDS: readonly (readonly [Expiring, one: string, many: string])[] = [
  ['scans', 'the details of 1 scan', 'the details of # scans'],
  ['refutations', '1 entry of the ledger', '# entries of the ledger'],
  ['notifications', '1 mail', '# mails'],
  ['intervals', '1 ended state', '# ended states'],
  ['deltas', '1 delta', '# deltas'],
];

/**
 * What expired, in words: `the details of 275 scans, 12 mails (about 3.1 MB)`; `nothing` when that is
 * so. Shards and bases are parts of their scans, and are not told by themselves.
 */
export function describeExpired(expired: Expired): string {
  const told = WORDS.flatMap(([kind, one, many]) => {
    const count = expired[kind] ?? 0;
    if (count === 0) return [];
    return [count === 1 ? one : many.replace('#', NUMBER.format(count))];
  });
  if (told.length === 0) return 'nothing';
  const { bytes = 0 } = expired;
  return bytes > 0 ? `${told.join(', ')} (about ${formatBytes(bytes)})` : told.join(', ');
}

/** Bytes in the unit that leaves at most four digits: `812 bytes`, `3.1 MB`; thousands are 1,000. */
export function formatBytes(bytes: number): string {
  const sign = bytes < 0 ? '−' : '';
  let amount = Math.abs(bytes);
  let unit = 0;
  while (amount >= 999.5 && unit < UNITS.length - 1) {
    amount /= 1_000;
    unit += 1;
  }
  const digits = unit > 0 && amount < 9.95 ? 1 : 0;
  return `${sign}${amount.toFixed(digits)} ${UNITS[unit]}`;
}

/** What each part of a site's data is, for a person. */
export const STORED_WORDS: Readonly<
  Record<
    Stored,
    { readonly name: string; readonly what: string; readonly until: 'details' | 'history' | 'ever' }
  >
> = {
  details: {
    name: 'Details of scans',
    what: 'what each shard saw, which replay judges again; what engines printed; the ledger of avoided false alarms',
    until: 'details',
  },
  mails: { name: 'Mails', what: 'every mail that was sent, as it was sent', until: 'details' },
  belief: {
    name: 'What is believed now',
    what: 'hosts and their services as they are',
    until: 'ever',
  },
  history: {
    name: 'Ended states',
    what: 'what hosts and services were before; any past instant is read from them',
    until: 'history',
  },
  deltas: { name: 'Deltas', what: 'every change with its evidence and rating', until: 'history' },
  scans: {
    name: 'Scans',
    what: 'a row for each, with its totals and what it covered',
    until: 'ever',
  },
};
