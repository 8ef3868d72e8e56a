import type { Database } from '../../db/database.ts';
import { openSiteSnapshot } from '../../db/site-snapshot.ts';
import { type ExportedPlace, writeNdjson } from '../write-ndjson.ts';

/** A whole export as one text. */
export async function readExport(
  database: Database,
  site: ExportedPlace['site'] & { readonly id: string },
  { group = null, details = true }: Partial<ExportedPlace & { details: boolean }> = {},
): Promise<string> {
  const snapshot = await openSiteSnapshot(database, site.id);
  try {
    const pieces: Buffer[] = [];
    for await (const piece of writeNdjson(snapshot, { site, group, details })) pieces.push(piece);
    return Buffer.concat(pieces).toString('utf8');
  } finally {
    await snapshot.close();
  }
}

// biome-ignore lint/suspicious/noExplicitAny: whatever a line holds
export type AnyLine = Record<string, any>;

export function parseLines(text: string): AnyLine[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}
