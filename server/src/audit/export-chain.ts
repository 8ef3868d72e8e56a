import type { Database } from '../db/database.ts';
import { presentEntry } from './present-entry.ts';
import { selectChain } from './queries.ts';

const AT_ONCE = 1_000;

/** The whole audit log of a site, oldest first, one JSON object a line, in constant memory. */
export async function* exportChain(database: Database, siteId: string): AsyncGenerator<string> {
  let beyond = 0;
  for (;;) {
    const page = { beyond, limit: AT_ONCE };
    const rows = await database.withSite(siteId, (tx) => selectChain(tx, siteId, page));
    for (const row of rows) yield `${JSON.stringify(presentEntry(row))}\n`;
    if (rows.length < AT_ONCE) return;
    beyond = Number(rows.at(-1)?.number);
  }
}
