import { pino } from 'pino';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createLive, type Live } from '../db/live.ts';
import { buildGroup, buildSite } from '../db/testing/build-site.ts';
import {
  createTestDatabase,
  createTestQueue,
  type TestDatabase,
} from '../db/testing/test-database.ts';
import type { Queue } from '../queue/queue.ts';
import { requestScan } from './scan-lifecycle.ts';
import { startScan } from './start-scan.ts';
import { advanceTurn } from './turn-queries.ts';

const log = pino({ level: 'silent' });
const SHARDS = 200;

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

/** Starts a scan of a group of a new site, and answers the site. */
async function start(first: string, last: string): Promise<string> {
  const { database } = test;
  const { siteId, userId } = await buildSite(database);
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
