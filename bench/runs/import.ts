import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Client } from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { pino } from 'pino';
import { startEmbedded } from '../../server/src/db/embedded.ts';
import { type Cost, median, renderTable, runCommand } from '../measure.ts';
import { writeScan } from '../networks/write-scan.ts';

const NETDELTA = join(import.meta.dirname, '../../server/bin/netdelta.mjs');
/** All that an import writes. */
const TABLES = ['scans', 'coverages', 'shards', 'hosts', 'host_intervals', 'service_intervals'];
const GROUP = 'Bench';

interface Place {
  readonly folder: string;
  readonly dataDir: string;
  readonly client: Client;
}

/**
 * `netdelta import` of a scan, and of the same network on the nights after, against COPYing the
 * very rows that the first made, by one connection, committed like it: into tables of the same columns
 * alone, and into tables that have their keys and indexes too.
 * Words: numbers of hosts, of 8 services each.
 */
export async function run(words: readonly string[]): Promise<void> {
  const sizes = words.length > 0 ? words.map(Number) : [4_096, 65_536];
  const folder = await mkdtemp(join(tmpdir(), 'netdelta-bench-'));
  const rows: string[][] = [];
  for (const hosts of sizes) rows.push(...(await compare(hosts, folder)));
  await rm(folder, { recursive: true });
  const head = ['hosts', 'what', 's', 'times raw COPY', 'MB of memory', 'rows written'];
  process.stdout.write(`${renderTable(head, rows)}\n`);
}

async function compare(hosts: number, folder: string): Promise<string[][]> {
  const dataDir = join(folder, `data-${hosts}`);
  const postgres = await startEmbedded(dataDir, { log: pino({ level: 'error' }) });
  const client = new Client({ connectionString: postgres.url });
  await client.connect();
  try {
    return await compareIn({ folder, dataDir, client }, hosts, postgres.url);
  } finally {
    await client.end();
    await postgres.stop();
    await rm(dataDir, { recursive: true });
  }
}

async function compareIn(place: Place, hosts: number, url: string): Promise<string[][]> {
  await must(runNetdelta(place, ['migrate'], url));
  await makeSite(place.client);
  const costs: (Cost & { written: number })[] = [];
  for (let night = 0; night < 3; night += 1) {
    const file = join(place.folder, `${hosts}-${night}.xml`);
    await writeScan(file, { hosts, services: 8, night, changed: 0 });
    const before = await countWritten(place.client);
    const words = ['import', '--group', GROUP, ...(night === 0 ? ['--create'] : []), file];
    const cost = await must(runNetdelta(place, words, url));
    costs.push({ ...cost, written: (await countWritten(place.client)) - before });
    await rm(file);
    if (night === 0) await dumpFacts(place);
  }
  const floors: number[] = [];
  const keyed: number[] = [];
  for (let time = 0; time < 3; time += 1) {
    floors.push(await copyRaw(place, ''));
    keyed.push(await copyRaw(place, 'including all'));
  }
  const floor = median(floors);
  const row = (what: string, cost: Cost & { written: number }) => [
    ...[String(hosts), what, (cost.ms / 1000).toFixed(2), (cost.ms / floor).toFixed(2)],
    ...[cost.memory.toFixed(0), String(cost.written)],
  ];
  const copied = (what: string, ms: number) => [
    ...[String(hosts), what, (ms / 1000).toFixed(2), (ms / floor).toFixed(2), '', ''],
  ];
  const [first, second, third] = costs;
  if (!first || !second || !third) throw new Error('an import is missing');
  return [
    copied('raw COPY of the same rows', floor),
    copied('raw COPY into tables with the keys and indexes of ours', median(keyed)),
    row('import, first scan', first),
    row('unchanged, the second: NEW becomes UP', second),
    row('unchanged, the third', third),
  ];
}

function runNetdelta({ dataDir }: Place, words: readonly string[], url: string): Promise<Cost> {
  process.env.NETDELTA_DATA_DIR = dataDir;
  process.env.DATABASE_URL = url;
  return runCommand(process.execPath, [NETDELTA, ...words]);
}

async function must(cost: Promise<Cost>): Promise<Cost> {
  const { code, ...rest } = await cost;
  if (code !== 0) throw new Error(`netdelta ended with ${code}`);
  return { ...rest, code };
}

async function makeSite(client: Client): Promise<void> {
  await client.query(`
    with site as (insert into sites (slug, name) values ('bench', 'Bench') returning id)
    insert into profiles (site_id, name, options) select id, 'Standard', '{}' from site`);
}

async function countWritten(client: Client): Promise<number> {
  await client.query('select pg_stat_force_next_flush()');
  await client.query('select pg_stat_clear_snapshot()');
  const { rows } = await client.query(
    'select sum(n_tup_ins + n_tup_upd + n_tup_del)::int as written from pg_stat_user_tables',
  );
  return rows[0].written;
}

const factsOf = ({ folder }: Place, table: string) => join(folder, `${table}.copy`);

async function dumpFacts(place: Place): Promise<void> {
  for (const table of TABLES) {
    const columns = await listColumns(place.client, table);
    const facts = place.client.query(copyTo(`copy (select ${columns} from ${table}) to stdout`));
    await pipeline(facts, createWriteStream(factsOf(place, table)));
  }
}

async function listColumns(client: Client, table: string): Promise<string> {
  const { rows } = await client.query(
    `select string_agg(quote_ident(column_name), ', ' order by ordinal_position) as columns
     from information_schema.columns where table_name = $1 and is_generated = 'NEVER'`,
    [table],
  );
  return rows[0].columns;
}

/** Milliseconds from the first row to the commit; no trigger and no foreign key is in the way. */
async function copyRaw(place: Place, kept: '' | 'including all'): Promise<number> {
  const { client } = place;
  for (const table of TABLES)
    await client.query(
      `drop table if exists raw_${table}; create table raw_${table} (like ${table} ${kept})`,
    );
  await client.query('checkpoint');
  const columns = new Map<string, string>();
  for (const table of TABLES) columns.set(table, await listColumns(client, table));
  const started = performance.now();
  await client.query('begin');
  for (const table of TABLES) {
    const path = factsOf(place, table);
    if ((await stat(path)).size === 0) continue;
    const into = client.query(copyFrom(`copy raw_${table} (${columns.get(table)}) from stdin`));
    await pipeline(createReadStream(path, { highWaterMark: 1 << 18 }), into);
  }
  await client.query('commit');
  return performance.now() - started;
}
