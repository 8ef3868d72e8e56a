import type { Database } from '../db/database.ts';
import { presentEntry } from './present-entry.ts';
import { selectChain } from './queries.ts';
import { walkChain } from './walk-chain.ts';

/**
 * The whole audit log of a site, oldest first, one JSON object a line (docs/audit.md), in constant
 * memory. With the site's id, so that the lines alone are enough to compute the chain again.
 */
export async function* exportChain(database: Database, siteId: string): AsyncGenerator<string> {
  const read = (page: { beyond: number; limit: number }) =>
    database.withSite(siteId, (tx) => selectChain(tx, siteId, page));
  for await (const row of walkChain(read))
    yield `${JSON.stringify({ siteId, ...presentEntry(row) })}\n`;
}
