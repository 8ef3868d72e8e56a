import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { createLive, type Live } from '../db/live.ts';
import { buildGroup, buildSite } from '../db/testing/build-site.ts';
import {
  createTestDatabase,
  createTestQueue,
  type TestDatabase,
} from '../db/testing/test-database.ts';
import type { Queue } from '../queue/queue.ts';
import { claimShard } from './claim-shard-queries.ts';
import { requestScan } from './scan-lifecycle.ts';
import { type ShardEnd, type ShardKey, updateShardEnd } from './shard-queries.ts';
import { startScan } from './start-scan.ts';
import { selectJobsInTurn } from './testing/queries.ts';
import { advanceTurn } from './turn-queries.ts';

const log = pino({ level: 'silent' });
const SHARDS = 200;

type Site = Awaited<ReturnType<typeof buildSite>>;

let test: TestDatabase;
let queue: Queue;
let live: Live;

beforeAll(async () => {
  test = await createTestDatabase();
  queue = await createTestQueue(test.database);
  live = await createLive(test.url, { log });
});
afterAll(async () => {
  await queue.stop(1_000);
  await live.close();
  await test.close();
});

afterEach(() => test.database.pool.query('truncate pgboss.job; delete from sites'));

/** Starts a scan of a group of a site, a new one unless it is given, and answers the site. */
async function start(first: string, last: string, site?: Site): Promise<string> {
  const { database } = test;
  const { siteId, userId } = site ?? (await buildSite(database));
  const target = { kind: 'range', text: `${first}-${last}`, first, last };
  const group = await buildGroup(database, siteId, { targets: JSON.stringify([target]) });
  const wish = { siteId, groupId: group.id, startedBy: userId, scheduleId: null } as const;
  const parts = { database, queue, live, closeScan: async () => undefined };
  const outcome = await database.withSite(siteId, (tx) =>
    requestScan(tx, parts, { ...wish, trigger: 'person', whenRunning: 'wait' }),
  );
  const resolveNames = async () => ({ found: new Map<string, string>(), problems: [] });
  await startScan({ ...parts, resolveNames }, { siteId, scanId: outcome.scanId ?? '' });
  return siteId;
}

it('a site that starts many scans at one moment has no more than its share, and each of them its own', async () => {
  const { database } = test;
  const many = await buildSite(database);
  await Promise.all(
    Array.from({ length: 10 }, (_, scan) =>
      start(`127.3.${scan * 8}.0`, `127.3.${scan * 8 + 7}.255`, many),
    ),
  );
  const one = await start('127.4.0.0', '127.4.79.255');
  const taken: { siteId: string; scanId: string }[] = [];
  const jobs = await selectJobsInTurn(database);
  // As workers do: what a job names is not what it gets.
  for (const key of jobs.slice(0, 80))
    await database.withSite(key.siteId, async (tx) => {
      const shard = await claimShard(tx, key);
      if (!shard) throw new Error('a job without a shard');
      taken.push({ siteId: key.siteId, scanId: shard.scan_id });
      await updateShardEnd(tx, shard, ENDED);
    });
  const mine = taken.filter(({ siteId }) => siteId === many.siteId);
  expect([mine.length, taken.filter(({ siteId }) => siteId === one).length]).toEqual([40, 40]);
  const ofScan = new Map<string, number>();
  for (const { scanId } of mine) ofScan.set(scanId, (ofScan.get(scanId) ?? 0) + 1);
  expect([...ofScan.values()]).toEqual(Array(10).fill(4));
});

it('a job whose worker vanished takes up the shard that it held, whichever the job names', async () => {
  const { database } = test;
  const site = await buildSite(database);
  await start('127.5.0.0', '127.5.3.255', site);
  await start('127.6.0.0', '127.6.3.255', site);
  const [first, second] = await selectJobsInTurn(database);
  const claim = (key = first) =>
    database.withSite(site.siteId, (tx) => claimShard(tx, key as ShardKey));
  const [held, other] = [await claim(), await claim(second)];
  const again = await claim();
  expect([again?.scan_id, again?.number]).toEqual([held?.scan_id, held?.number]);
  expect([again?.attempts, other?.attempts]).toEqual([2, 1]);
  expect([other?.scan_id, other?.number]).not.toEqual([held?.scan_id, held?.number]);
});

it('of many jobs at one moment each takes a shard of its own', async () => {
  const { database } = test;
  const site = await buildSite(database);
  for (const net of [7, 8, 9]) await start(`127.${net}.0.0`, `127.${net}.3.255`, site);
  const jobs = await selectJobsInTurn(database);
  const shards = await Promise.all(
    jobs.map((key) => database.withSite(site.siteId, (tx) => claimShard(tx, key))),
  );
  const names = shards.flatMap((shard) => (shard ? [`${shard.scan_id} ${shard.number}`] : []));
  expect(new Set(names).size).toBe(names.length);
  expect(names.length).toBe(jobs.length);
});

// The last, for its worker would take the jobs of the others.
it('a site with one shard is served next, before 200 waiting ones of another', async () => {
  const large = await start('127.1.0.0', '127.1.199.255');
  const taken: string[] = [];
  let small = '';
  await queue.work('scan.shard', 1, async ({ siteId, turn, number }) => {
    await test.database.withSite(siteId, (tx) => advanceTurn(tx, turn));
    if (siteId === large) expect(number).toBe(taken.filter((site) => site === large).length);
    taken.push(siteId);
    if (taken.length === 5) small = await start('127.2.0.1', '127.2.0.9');
  });
  await vi.waitUntil(() => taken.length === SHARDS + 1, { timeout: 25_000, interval: 20 });
  expect(taken.indexOf(small)).toBeGreaterThanOrEqual(5);
  expect(taken.indexOf(small)).toBeLessThanOrEqual(7);
});

const ENDED: ShardEnd = {
  ...{ engine: null, engineVersion: null, command: null, coveredCount: 0, uncovered: [] },
  ...{ problem: null, output: null, confirmation: null, sight: null, sightBaseId: null },
  status: 'finished',
  progress: { fraction: 1, hostsUp: 0, servicesOpen: 0 },
};
