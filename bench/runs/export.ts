import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { from, to } from 'pg-copy-streams';
import { pino } from 'pino';
import { createDatabase, type Database } from '../../server/src/db/database.ts';
import { startEmbedded } from '../../server/src/db/embedded.ts';
import { migrate } from '../../server/src/db/migrate.ts';
import { openSiteSnapshot } from '../../server/src/db/site-snapshot.ts';
import { restoreExport } from '../../server/src/exports/restore.ts';
import { type ExportWish, writeExport } from '../../server/src/exports/write-export.ts';
import { renderTable, runCommand } from '../measure.ts';
import {
  copyAs,
  copyIn,
  copyOut,
  FACT_TABLES,
  insertBareSite,
  insertKnownSite,
  selectColumns,
} from '../networks/known-site-queries.ts';

const NETDELTA = join(import.meta.dirname, '../../server/bin/netdelta.mjs');
const SERVICES = 8;
const log = pino({ level: 'silent' });

interface Place {
  readonly database: Database;
  readonly url: string;
  readonly folder: string;
}

/**
 * Exports against COPY TO of the same tables, and restoring against COPY FROM of the same rows, with
 * the same indexes and keys. Words: numbers of hosts.
 */
export async function run(words: readonly string[]): Promise<void> {
  const sizes = words.length > 0 ? words.map(Number) : [4_096, 65_536];
  const folder = await mkdtemp(join(tmpdir(), 'netdelta-bench-'));
  const postgres = await startEmbedded(join(folder, 'data'), { log });
  const database = createDatabase(postgres.url, { log });
  const rows: string[][] = [];
  try {
    await migrate(database);
    const place = { database, url: postgres.url, folder };
    for (const hosts of sizes) rows.push(...(await measure(place, hosts)));
  } finally {
    await database.close();
    await postgres.stop();
    await rm(folder, { recursive: true });
  }
  const head = ['hosts', 'what', 'floor', 'floor s', 'netdelta s', 'times', 'MB', 'peak MB'];
  process.stdout.write(`${renderTable(head, rows)}\n`);
}

async function measure(place: Place, hosts: number): Promise<string[][]> {
  const { database, folder } = place;
  const slug = `site-${hosts}`;
  const siteId = await insertKnownSite(database.pool, { slug, hosts, services: SERVICES });
  const rows: string[][] = [];
  await copyAll(database, siteId);
  const floor = await time(() => copyAll(database, siteId));
  const ndjson = join(folder, `${slug}.ndjson`);
  for (const [format, what] of FORMS) {
    const file = format === 'ndjson' ? ndjson : join(folder, `${slug}.${what}.${format}`);
    const ours = await time(() => exportTo(database, { siteId, slug, format, what }, file));
    const words = ['export', '--site', slug, '--format', format, '--what', what];
    const peak = await peakOf(place, [...words, '-o', join(folder, 'peak')]);
    const label = format === 'csv' ? `csv ${what}` : format;
    rows.push(await row([hosts, label, 'COPY TO'], { floor, ours, peak, file }));
  }
  rows.push(await measureRestore(place, { siteId, slug, hosts, file: ndjson }));
  return rows;
}

const FORMS = [
  ['ndjson', 'hosts'],
  ['csv', 'services'],
  ['csv', 'hosts'],
  ['xml', 'hosts'],
] as const;

async function measureRestore(
  place: Place,
  { siteId, slug, hosts, file }: { siteId: string; slug: string; hosts: number; file: string },
): Promise<string[]> {
  const { database, folder } = place;
  const floor = await copyInto(database, folder, siteId);
  const owner = `${slug}@example.org`;
  const wish = { by: 'bench', signal: new AbortController().signal, owner };
  const ours = await time(async () => {
    const input = createReadStream(file, { highWaterMark: 1 << 18 });
    const outcome = await restoreExport(database, { slug: `${slug}-again`, ...wish }, input);
    if (!outcome.ok) throw new Error(outcome.problems.join('\n'));
  });
  const words = ['import', file, '--site', `${slug}-peak`, '--owner', owner];
  const peak = await peakOf(place, words);
  return row([hosts, 'restore', 'COPY FROM'], { floor, ours, peak, file });
}

async function exportTo(
  database: Database,
  { siteId, slug, ...rest }: Pick<ExportWish, 'format' | 'what'> & { siteId: string; slug: string },
  file: string,
): Promise<void> {
  const snapshot = await openSiteSnapshot(database, siteId);
  const wish: ExportWish = {
    ...{ site: { slug, name: slug }, group: null, timeZone: 'UTC', details: false, filter: {} },
    ...{ version: '0', ...rest },
  };
  await pipeline(Readable.from(writeExport(snapshot, wish)), createWriteStream(file));
  await snapshot.close();
}

/** All facts as COPY writes them, thrown away. */
async function copyAll({ pool }: Database, siteId: string): Promise<void> {
  const client = await pool.connect();
  for (const table of FACT_TABLES)
    await pipeline(
      client.query(to(copyOut(table, siteId))),
      new Writable({ write: (_piece, _encoding, done) => done() }),
    );
  client.release();
}

/** All facts once more, as those of another site: the milliseconds of copying in alone. */
async function copyInto({ pool }: Database, folder: string, siteId: string): Promise<number> {
  const other = await insertBareSite(pool, `raw-${siteId.slice(0, 8)}`);
  const client = await pool.connect();
  await client.query('begin');
  let ms = 0;
  for (const table of FACT_TABLES) {
    const columns = await selectColumns(pool, table);
    const file = join(folder, `${table}.copy`);
    const out = client.query(to(copyAs(table, columns, [siteId, other])));
    await pipeline(out, createWriteStream(file));
    ms += await time(() =>
      pipeline(createReadStream(file), client.query(from(copyIn(table, columns)))),
    );
  }
  ms += await time(async () => {
    await client.query('commit');
  });
  client.release();
  return ms;
}

async function peakOf({ url }: Place, words: readonly string[]): Promise<number> {
  const environment = [`DATABASE_URL=${url}`, process.execPath, NETDELTA, ...words];
  const { code, memory } = await runCommand('env', environment);
  if (code !== 0) throw new Error(`netdelta ${words.join(' ')} ended with ${code}`);
  return memory;
}

async function time(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

async function row(
  [hosts, what, peer]: readonly [number, string, string],
  { floor, ours, peak, file }: { floor: number; ours: number; peak: number; file: string },
): Promise<string[]> {
  const { size } = await stat(file);
  return [
    ...[String(hosts), what, peer, (floor / 1000).toFixed(2), (ours / 1000).toFixed(2)],
    ...[(ours / floor).toFixed(1), (size / 1e6).toFixed(0), peak.toFixed(0)],
  ];
}
