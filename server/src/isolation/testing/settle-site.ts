import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Database } from '../../db/database.ts';
import { buildGroup } from '../../db/testing/build-site.ts';
import { importFiles } from '../../imports/import-files.ts';
import { inspectFile } from '../../imports/inspect-file.ts';
import { orderFiles } from '../../imports/order-files.ts';
import { buildScanXml } from '../../imports/testing/build-scan-xml.ts';
import { insertRest, type SiteIds, selectIds } from './site-queries.ts';

/**
 * Fills a site with something in every table: two scans with changes, and whatever scans do not
 * write. `marker` is in all of its names, so that it is seen wherever it leaks to.
 */
export async function settleSite(
  database: Database,
  { siteId, userId, marker }: { siteId: string; userId: string; marker: string },
): Promise<SiteIds> {
  const range = { kind: 'range', text: '127.0.9.0/24', first: '127.0.9.0', last: '127.0.9.255' };
  const group = await buildGroup(database, siteId, {
    name: `group ${marker}`,
    targets: JSON.stringify([range]),
    down_after: 1,
    service_down_after: 1,
  });
  const folder = await mkdtemp(path.join(tmpdir(), 'netdelta-isolation-'));
  try {
    await importScans(database, { siteId, groupId: group.id, marker, folder });
  } finally {
    await rm(folder, { recursive: true });
  }
  await insertRest(database, { siteId, userId, groupId: group.id, marker });
  return selectIds(database, { siteId, groupId: group.id });
}

async function importScans(
  database: Database,
  place: { siteId: string; groupId: string; marker: string; folder: string },
): Promise<void> {
  const { siteId, groupId, marker, folder } = place;
  const host = (address: string, open: Record<number, string>) => ({
    ...{ address, open, name: `host-${marker.toLowerCase()}.example` },
  });
  const nights = [
    [host('127.0.9.1', { 22: `ssh ${marker}`, 80: 'web' }), host('127.0.9.2', { 22: 'ssh' })],
    [host('127.0.9.1', { 22: `ssh ${marker}`, 4444: `shell ${marker}` })],
  ];
  const files = await Promise.all(
    nights.map(async (hosts, night) => {
      const name = `${marker}-${night}.xml`;
      const file = { name, path: path.join(folder, name) };
      await writeFile(
        file.path,
        buildScanXml({ at: `2025-03-0${night + 1}T02:00:00.000Z`, hosts }),
      );
      const inspection = await inspectFile(file);
      if (!inspection.ok) throw new Error(inspection.problem);
      return inspection.file;
    }),
  );
  const run = {
    place: { siteId, groupId, startedBy: null },
    files: orderFiles(files, null).dated,
    signal: new AbortController().signal,
    onProgress: () => undefined,
  };
  for await (const outcome of importFiles(database, run))
    if (outcome.outcome !== 'imported') throw new Error(outcome.message);
}
