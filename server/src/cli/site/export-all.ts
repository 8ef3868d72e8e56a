import { exportChain } from '../../audit/export-chain.ts';
import type { Database } from '../../db/database.ts';
import { openSiteSnapshot } from '../../db/site-snapshot.ts';
import { writeExport } from '../../exports/write-export.ts';
import { readVersion } from '../../read-version.ts';
import { openSink } from '../export/open-sink.ts';
import type { Surroundings } from '../surroundings.ts';

interface Exported {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly timeZone: string;
}

/** The file of the audit log beside that of the facts. */
export function auditFileOf(file: string): string {
  return `${file}.audit.ndjson`;
}

/** Writes all facts of a site, with details, and its audit log beside them; a sentence when that was not possible. */
export async function exportAll(
  database: Database,
  site: Exported,
  { file, surroundings }: { file: string; surroundings: Surroundings },
): Promise<string | null> {
  const snapshot = await openSiteSnapshot(database, site.id);
  const { signal } = surroundings;
  signal.addEventListener('abort', snapshot.close, { once: true });
  try {
    const form = { format: 'ndjson', what: 'hosts', filter: {}, details: true } as const;
    const { timeZone } = site;
    const wish = { site, group: null, timeZone, ...form, version: await readVersion() };
    const problem = await openSink(file, surroundings).fill(writeExport(snapshot, wish));
    if (problem) return problem;
  } finally {
    signal.removeEventListener('abort', snapshot.close);
    await snapshot.close();
  }
  return openSink(auditFileOf(file), surroundings).fill(toBytes(exportChain(database, site.id)));
}

async function* toBytes(lines: AsyncIterable<string>): AsyncGenerator<Buffer> {
  for await (const line of lines) yield Buffer.from(line);
}
