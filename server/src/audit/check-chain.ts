import type { AuditCheck } from '@netdelta/core/api/audit.ts';
import type { SiteTransaction } from '../db/database.ts';
import { hashEntry, NO_HASH } from './hash-entry.ts';
import { selectChain } from './queries.ts';
import { readEntry } from './read-entry.ts';

const AT_ONCE = 1_000;

/**
 * Computes a site's chain again from its first entry. It cannot see that its last entries were cut
 * off: who compares `lastHash` with one noted earlier can.
 */
export async function checkChain(tx: SiteTransaction, siteId: string): Promise<AuditCheck> {
  let previous = NO_HASH;
  let entries = 0;
  const broken = (number: number, message: string) => ({
    ...{ entries, lastHash: entries > 0 ? previous.toString('hex') : null },
    broken: { number, message },
  });
  for (;;) {
    const rows = await selectChain(tx, siteId, { beyond: entries, limit: AT_ONCE });
    for (const row of rows) {
      const entry = readEntry(row);
      if (entry.number !== entries + 1)
        return broken(entries + 1, `Entry ${entries + 1} is missing: it was deleted.`);
      if (!hashEntry(previous, entry).equals(row.hash))
        return broken(
          entry.number,
          `Entry ${entry.number} is not what was written, or one before it was replaced.`,
        );
      previous = row.hash;
      entries = entry.number;
    }
    if (rows.length < AT_ONCE)
      return { entries, lastHash: entries > 0 ? previous.toString('hex') : null, broken: null };
  }
}
