import type { Database } from '../../db/database.ts';
import { openSiteSnapshot } from '../../db/site-snapshot.ts';
import type { RequestSite } from '../../http/site-routes.ts';
import { type ExportWish, writeExport } from '../write-export.ts';

/** A whole file of an export as one text. */
export async function readFile(
  database: Database,
  site: RequestSite,
  wish: Partial<ExportWish>,
): Promise<string> {
  const snapshot = await openSiteSnapshot(database, site.id);
  const whole: ExportWish = {
    ...{ site, group: null, timeZone: site.timeZone, format: 'ndjson', details: false },
    ...{ what: 'hosts', filter: {}, version: '1.0.0', ...wish },
  };
  try {
    const pieces: Buffer[] = [];
    for await (const piece of writeExport(snapshot, whole)) pieces.push(piece);
    return Buffer.concat(pieces).toString('utf8');
  } finally {
    await snapshot.close();
  }
}
