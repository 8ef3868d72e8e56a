import type { AuditCheck } from '@netdelta/core/api/audit.ts';
import type { AuditEntry } from '@netdelta/core/audit/entry.ts';
import type { SiteTransaction } from '../db/database.ts';
import { hashEntry, NO_HASH } from './hash-entry.ts';
import { type AuditRow, selectChain } from './queries.ts';
import { readEntry } from './read-entry.ts';
import { walkChain } from './walk-chain.ts';

/** An entry with the hash that stands beside it, which is to be judged. */
export interface HashedEntry {
  readonly entry: AuditEntry;
  readonly hash: Buffer;
}

/**
 * Computes a site's chain again from its first entry. It cannot see that its last entries were cut
 * off: who compares `lastHash` with one noted earlier can.
 */
export function checkChain(tx: SiteTransaction, siteId: string): Promise<AuditCheck> {
  return checkEntries(hashedEntries(walkChain((page) => selectChain(tx, siteId, page))));
}

export async function* hashedEntries(rows: AsyncIterable<AuditRow>): AsyncGenerator<HashedEntry> {
  for await (const row of rows) yield { entry: readEntry(row), hash: row.hash };
}

/** Whether entries are the chain of one site from its first one on. Reads no further than to the first that is not. */
export async function checkEntries(entries: AsyncIterable<HashedEntry>): Promise<AuditCheck> {
  const link = createLink();
  for await (const entry of entries) {
    const message = link.add(entry);
    if (message !== null) return link.end({ number: link.next(), message });
  }
  return link.end(null);
}

/** A chain that is computed again, entry by entry. */
export function createLink() {
  let previous = NO_HASH;
  let count = 0;
  return {
    /** The number of the entry that has to come next. */
    next: () => count + 1,
    /** Null where this is the next entry, as it was written; otherwise what is wrong. */
    add: ({ entry, hash }: HashedEntry): string | null => {
      const number = count + 1;
      if (entry.number !== number) return `Entry ${number} is missing: it was deleted.`;
      if (!hashEntry(previous, entry).equals(hash))
        return `Entry ${number} is not what was written, or one before it was replaced.`;
      previous = hash;
      count = number;
      return null;
    },
    end: (broken: AuditCheck['broken']): AuditCheck => ({
      entries: count,
      lastHash: count > 0 ? previous.toString('hex') : null,
      broken,
    }),
  };
}
