import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { groupView, profileView } from '@netdelta/core/api/groups.ts';
import { pageOf } from '@netdelta/core/api/page.ts';
import { deltaView, scanDetail, scanView } from '@netdelta/core/api/scans.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase, type Database } from '../server/src/db/database.ts';
import { type EmbeddedPostgres, startEmbedded } from '../server/src/db/embedded.ts';
import { createLog } from '../server/src/log.ts';
import {
  endPrograms,
  findFreePort,
  findProcesses,
  type Program,
  parentOf,
  runProgram,
  startProgram,
  waitFor,
} from './program.ts';
import { selectOpenServices, selectShards } from './queries.ts';
import { createSiteClient, type SiteClient } from './site-client.ts';

const ADMIN = { email: 'olga@example.test', password: 'quite a long password' };
/** 2,048 addresses of this machine that no other test, nor another run of it, uses: eight shards. */
const [FIRST, NETWORK] = [8 * (process.pid % 32), '127.77'];
const TARGETS = `${NETWORK}.${FIRST}.0/21`;
const log = createLog({ level: 'silent', readable: false, write: () => undefined });

let folder: string;
let postgres: EmbeddedPostgres;
let database: Database;
let environment: NodeJS.ProcessEnv;
let site: SiteClient;
let groupId: string;
let port: number;
const programs: Program[] = [];
const listeners = new Map<string, Server>();

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'netdelta-e2e-'));
  postgres = await startEmbedded(folder, { log, volatile: true });
  database = createDatabase(postgres.url, { log });
  environment = { DATABASE_URL: postgres.url, NETDELTA_DATA_DIR: folder, PORT: '0' };
  site = await startApi();
  port = await findFreePort();
  for (const address of [addressOf(0, 1), addressOf(2, 200), addressOf(5, 5), addressOf(7, 254)])
    await openService(address);
  groupId = await makeGroup();
});

afterAll(async () => {
  await endPrograms(programs).finally(async () => {
    for (const address of listeners.keys()) await closeService(address);
    await database?.close();
    await postgres?.stop();
    await rm(folder, { recursive: true, force: true });
  });
});

async function startApi(): Promise<SiteClient> {
  expect(await runProgram(['migrate'], environment)).toMatchObject({ code: 0 });
  const api = startProgram(['api'], {
    ...environment,
    NETDELTA_ADMIN_EMAIL: ADMIN.email,
    NETDELTA_ADMIN_PASSWORD: ADMIN.password,
  });
  programs.push(api);
  const [, url] = await api.says(/is ready: (http\S+)/);
  return createSiteClient(`${url}main/`, ADMIN);
}

async function startWorker(): Promise<Program> {
  const worker = startProgram(['worker'], environment);
  programs.push(worker);
  await worker.says(/works\. Ctrl-C ends it/);
  return worker;
}

async function openService(address: string): Promise<void> {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(port, address, resolve));
  listeners.set(address, server);
}

async function closeService(address: string): Promise<void> {
  await new Promise((resolve) => listeners.get(address)?.close(resolve));
  listeners.delete(address);
}

/** So slow that a shard takes some seconds: there is a middle in which to kill. */
async function makeGroup(): Promise<string> {
  const options = {
    engine: 'nmap',
    tcp: { kind: 'list', ports: `1,${port}` },
    reverseDns: false,
    maxRate: 130,
  };
  const profile = await site.post('profiles', profileView, { name: 'Two ports, slowly', options });
  const wish = { name: 'Loopback', targets: TARGETS, profileId: profile.id, downAfter: 1 };
  return (await site.post('groups', groupView, wish)).id;
}

async function startScan(): Promise<string> {
  return (await site.post('scans', scanView, { groupId })).id;
}

function scanEnded(id: string) {
  return waitFor('the end of the scan', async () => {
    const { scan } = await site.get(`scans/${id}`, scanDetail);
    return ['finished', 'partial', 'failed', 'cancelled'].includes(scan.status) && scan;
  });
}

async function deltasOf(scanId: string): Promise<string[]> {
  const { items } = await site.get(`deltas?limit=500&scanId=${scanId}`, pageOf(deltaView));
  return items.map(({ kind, address, port }) => `${kind} ${address}:${port}`).sort();
}

function listening(): string[] {
  return [...listeners.keys()].map((address) => `${address}:${port}`).sort();
}

/** A worker that scans, and its nmaps. */
async function chooseVictim(workers: readonly Program[]): Promise<[Program, number[]]> {
  const runs = await nmapRuns();
  const parents = await Promise.all(runs.map(parentOf));
  const victim = workers.find(({ pid }) => parents.includes(pid));
  if (!victim) throw new Error('no worker scans');
  return [victim, runs.filter((_, at) => parents[at] === victim.pid)];
}

/** The nmaps of this test: each is given the addresses of one shard. */
async function nmapRuns(): Promise<number[]> {
  const shards = Array.from({ length: 8 }, (_, number) =>
    findProcesses('nmap', `\0${addressOf(number, 1)}\0`),
  );
  return (await Promise.all(shards)).flat();
}

function addressOf(shard: number, last: number): string {
  return `${NETWORK}.${FIRST + shard}.${last}`;
}

test('a worker killed in mid-scan costs a repeat of its shards: nothing lost, nothing doubled', async () => {
  const workers = [await startWorker(), await startWorker()];
  const baseline = await scanEnded(await startScan());
  expect(baseline).toMatchObject({ status: 'finished', first: true, deltaCount: 0 });
  expect(baseline.progress).toMatchObject({ shards: 8, shardsDone: 8, servicesOpen: 4 });
  expect(await selectOpenServices(database)).toEqual(listening());

  await closeService(addressOf(2, 200));
  await openService(addressOf(1, 17));
  await openService(addressOf(6, 66));
  const scanId = await startScan();
  // One worker runs four at a time, so that five are the work of both.
  await waitFor('both workers to scan', async () => (await nmapRuns()).length >= 5);
  const [victim, orphans] = await chooseVictim(workers);
  victim.send('SIGKILL');
  expect(await victim.ended).toBe('SIGKILL');
  await waitFor(
    'the end of the nmaps of the killed worker',
    async () => (await nmapRuns()).every((pid) => !orphans.includes(pid)),
    2_000,
  );

  const scan = await scanEnded(scanId);
  expect(scan).toMatchObject({ status: 'finished', first: false, deltaCount: 3, problems: [] });
  expect(scan.progress).toMatchObject({ shards: 8, shardsDone: 8, addressesDone: 2048 });
  const shards = await selectShards(database, scanId);
  expect(shards.map(({ status, covered }) => `${status} ${covered}`)).toEqual(
    Array(8).fill('finished 256'),
  );
  // Between its claim and its nmap a shard has no process yet.
  const repeated = shards.filter(({ attempts }) => attempts === 2).length;
  expect(repeated).toBeGreaterThanOrEqual(orphans.length);
  expect(repeated).toBeLessThanOrEqual(4);
  expect(shards.filter(({ attempts }) => attempts === 1)).toHaveLength(8 - repeated);
  expect(await deltasOf(scanId)).toEqual([
    `service.closed ${addressOf(2, 200)}:${port}`,
    `service.opened ${addressOf(1, 17)}:${port}`,
    `service.opened ${addressOf(6, 66)}:${port}`,
  ]);
  expect(await selectOpenServices(database)).toEqual(listening());
  expect(await nmapRuns()).toEqual([]);
});

test('cancelling ends every nmap within two seconds, and the next scan finds what changed', async () => {
  await closeService(addressOf(7, 254));
  const scanId = await startScan();
  await waitFor('four nmaps', async () => (await nmapRuns()).length >= 4);
  const asked = performance.now();
  await site.post(`scans/${scanId}/cancel`, scanView);
  await waitFor('the end of every nmap', async () => (await nmapRuns()).length === 0, 5_000);
  expect(performance.now() - asked).toBeLessThan(2_000);
  const cancelled = await scanEnded(scanId);
  expect(cancelled).toMatchObject({ status: 'cancelled' });
  const early = await deltasOf(scanId);

  const next = await scanEnded(await startScan());
  expect(next.status).toBe('finished');
  expect([...early, ...(await deltasOf(next.id))]).toEqual([
    `service.closed ${addressOf(7, 254)}:${port}`,
  ]);
  expect(await selectOpenServices(database)).toEqual(listening());
});
