import { pino } from 'pino';
import type { Database } from '../../server/src/db/database.ts';
import {
  beginComparison,
  type InstantPair,
  selectDifferences,
} from '../../server/src/deltas/past/compare-instants.ts';
import type { HostKey } from '../../server/src/deltas/past/compare-queries.ts';
import { countDifferences } from '../../server/src/deltas/past/count-differences.ts';
import { listPastHosts } from '../../server/src/deltas/past/list-past-hosts.ts';
import { runRetention } from '../../server/src/retention/run-retention.ts';
import { median, renderTable } from '../measure.ts';
import { createScannedSite, type ScannedSite } from '../networks/scanned-site.ts';
import { listTables, type TableSize } from '../networks/table-sizes.ts';

const CHANGED = 0.001;
const SERVICES = 8;
/** The growth a day is that of so many last nights. */
const LAST_NIGHTS = 30;
const DETAIL_DAYS = 90;
const DAY_MS = 86_400_000;
/** Of the past, and each two of them compared. */
const DAYS_READ = 10;
const PAGE = 1_000;
/** Of a page of the comparison. */
const SHOWN = 50;
const never = new AbortController().signal;
const log = pino({ level: 'silent' });

/**
 * What nightly scans leave behind: each table's rows and bytes, the growth a day, and what of it stays
 * when retention has run. Words: nights, hosts. 365 nights of 4,096 hosts by default.
 */
export async function run([nights = '365', hosts = '4096']: readonly string[]): Promise<void> {
  const size = { nights: Number(nights), hosts: Number(hosts) };
  print(
    `${size.nights} nightly scans of ${size.hosts} hosts with ${SERVICES} services each, ${CHANGED * 100} % of the services changed a night.`,
  );
  const site = await createScannedSite(size.hosts, { nights: size.nights, end: new Date() });
  try {
    await passNights(site, size.nights);
    await readPast(site, size.nights);
    const { pool } = site.database;
    await compareDeletion(site);
    await pool.query('vacuum full');
    printSizes(`With the details of the last ${DETAIL_DAYS} days`, await listTables(pool));
  } finally {
    await site.close();
  }
}

async function passNights(site: ScannedSite, nights: number): Promise<void> {
  let before: readonly TableSize[] = [];
  const started = performance.now();
  for (let night = 0; night < nights; night += 1) {
    await site.passNight(CHANGED);
    if (night === nights - 1 - LAST_NIGHTS) before = await listTables(site.database.pool);
  }
  const ms = (performance.now() - started) / nights;
  const tables = await listTables(site.database.pool);
  printSizes('Without retention', tables);
  const known = before.filter(({ table }) => !EXPIRING.has(table));
  const kept = tables.filter(({ table }) => !EXPIRING.has(table));
  print(
    `\nGrowth a day over the last ${LAST_NIGHTS} nights: ${growth(before, tables)} kB, of which ${growth(known, kept)} kB never expire by default. A night took ${ms.toFixed(0)} ms.`,
  );
}

function printSizes(title: string, tables: readonly TableSize[]): void {
  print(`\n## ${title}: ${megabytes(sum(tables))} MB\n`);
  print(renderTable(HEAD, tables.map(describeTable)));
}

/** Tables of which retention takes rows by default. */
const EXPIRING = new Set(['shards', 'sight_bases', 'refutations', 'notifications']);

const growth = (before: readonly TableSize[], after: readonly TableSize[]) =>
  ((sum(after) - sum(before)) / LAST_NIGHTS / 1024).toFixed(0);

/** All hosts as of a day, and all that differs between two, for days all over the past: each from first page to last. */
async function readPast({ database, siteId, groupId }: ScannedSite, nights: number): Promise<void> {
  const dayOf = (part: number) => new Date(Date.now() - part * (nights - 1) * DAY_MS).toISOString();
  const parts = Array.from({ length: DAYS_READ }, (_, at) => at / DAYS_READ);
  const asOf: number[] = [];
  const summed: number[] = [];
  const compared: number[] = [];
  for (const part of parts) {
    asOf.push(await time(() => listAll(database, siteId, { groupId, at: dayOf(part) })));
    for (const other of parts) {
      if (other >= part) continue;
      const pair = { from: dayOf(part), to: dayOf(other), groupId };
      summed.push(await time(() => sumUp(database, siteId, pair)));
      compared.push(await time(() => compareAll(database, siteId, pair)));
    }
  }
  print('');
  const row = (what: string, all: readonly number[]) => [
    ...[what, String(all.length), median(all).toFixed(0), Math.max(...all).toFixed(0)],
  ];
  const rows = [
    row('all hosts as of a day', asOf),
    row('two days compared, as the page asks: all counted, the first hosts shown', summed),
    row('all that differs of two days', compared),
  ];
  print(renderTable(['', 'asked', 'median ms', 'longest ms'], rows));
}

async function listAll(
  { withSite }: Database,
  siteId: string,
  filter: { groupId: string; at: string },
): Promise<void> {
  for (let beyond: HostKey | null | undefined; beyond !== null; )
    beyond = (
      await withSite(siteId, (tx) =>
        listPastHosts(tx, { ...filter, ...(beyond && { beyond }) }, PAGE),
      )
    ).next;
}

async function sumUp({ withSite }: Database, siteId: string, pair: InstantPair): Promise<void> {
  await withSite(siteId, async (tx) => {
    const comparison = await beginComparison(tx, pair);
    await selectDifferences(tx, comparison, { limit: SHOWN });
    await countDifferences(tx, comparison);
  });
}

async function compareAll(
  { withSite }: Database,
  siteId: string,
  pair: InstantPair,
): Promise<void> {
  await withSite(siteId, async (tx) => {
    const comparison = await beginComparison(tx, pair);
    for (let beyond: HostKey | null | undefined; beyond !== null; ) {
      const page = { limit: PAGE, ...(beyond && { beyond }) };
      beyond = (await selectDifferences(tx, comparison, page)).next;
    }
  });
}

async function time(work: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

/** The same rows by one statement a table, rolled back, and by retention, with the longest transaction of each. */
async function compareDeletion({ database, siteId }: ScannedSite): Promise<void> {
  const plain = await deletePlainly(database);
  let longest = 0;
  const timed: Database = {
    ...database,
    withSite: async (id, work) => {
      const begun = performance.now();
      const result = await database.withSite(id, work);
      longest = Math.max(longest, performance.now() - begun);
      return result;
    },
  };
  const begun = performance.now();
  const gone = (await runRetention({ database: timed, log }, siteId, never)) ?? {};
  const ms = performance.now() - begun;
  const rows = (gone.shards ?? 0) + (gone.notifications ?? 0) + (gone.refutations ?? 0);
  const cells = (count: number, took: number, most: number) => [
    ...[String(count), took.toFixed(0), ((count / took) * 1000).toFixed(0), most.toFixed(1)],
  ];
  print('');
  print(
    renderTable(
      ['', 'rows', 'ms', 'rows a second', 'longest transaction ms'],
      [
        ['one DELETE a table', ...cells(plain.rows, plain.ms, plain.ms)],
        ['retention', ...cells(rows, ms, longest)],
      ],
    ),
  );
}

async function deletePlainly({ pool }: Database): Promise<{ rows: number; ms: number }> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const begun = performance.now();
    const old = `now() - interval '${DETAIL_DAYS} days'`;
    const shards = await client.query(
      `delete from shards where scan_id in (select id from scans where created_at < ${old})`,
    );
    const mails = await client.query(`delete from notifications where created_at < ${old}`);
    const ms = performance.now() - begun;
    await client.query('rollback');
    return { rows: (shards.rowCount ?? 0) + (mails.rowCount ?? 0), ms };
  } finally {
    client.release();
  }
}

const HEAD = ['table', 'rows', 'bytes a row', 'rows MB', 'kept apart MB', 'indexes MB', 'all MB'];

function describeTable({ table, rows, heap, toast, indexes }: TableSize): string[] {
  const all = heap + toast + indexes;
  const each = rows > 0 ? (all / rows).toFixed(0) : '';
  return [table, String(rows), each, ...[heap, toast, indexes, all].map(megabytes)];
}

const megabytes = (bytes: number) => (bytes / 1024 ** 2).toFixed(2);
const sum = (tables: readonly TableSize[]) =>
  tables.reduce((bytes, { heap, toast, indexes }) => bytes + heap + toast + indexes, 0);
const print = (line: string) => process.stdout.write(`${line}\n`);
