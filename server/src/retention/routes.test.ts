import { buildSeen } from '@netdelta/core/host/build-observation.ts';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildGroup } from '../db/testing/build-site.ts';
import {
  createTestDatabase,
  createTestQueue,
  type TestDatabase,
} from '../db/testing/test-database.ts';
import { createScanner, type Scanner } from '../deltas/testing/create-scanner.ts';
import { createTestServer, type TestServer } from '../http/testing/create-test-server.ts';
import type { Queue } from '../queue/queue.ts';
import { startRetentionWorkers } from './jobs.ts';
import { storageRoutes } from './routes.ts';
import { runRetention } from './run-retention.ts';
import { passDays } from './testing/queries.ts';

const log = pino({ level: 'silent' });
let test: TestDatabase;
let queue: Queue;
let scanner: Scanner;
let server: TestServer;

beforeAll(async () => {
  test = await createTestDatabase();
  queue = await createTestQueue(test.database);
  scanner = await createScanner(test);
  server = await createTestServer(test.database, [storageRoutes({ ...test, queue })]);
  const { id } = await buildGroup(test.database, server.site.id);
  const place = { siteId: server.site.id, userId: server.user.id, groupId: id };
  for (let scan = 0; scan < 3; scan += 1) {
    await scanner.scan(place, [buildSeen([], { address: '127.0.1.1' })]);
    await passDays(test.database, 50);
  }
});
afterAll(async () => {
  await server.app.close();
  await scanner.close();
  await queue.stop(1_000);
  await test.close();
});

const get = async (path: string) => (await server.call('GET', path)).json();

describe('the storage of a site', () => {
  it('begins with the standard, and nothing known of its size', async () => {
    expect(await get('storage')).toMatchObject({
      rule: { detailDays: 90, historyMonths: null },
      ...{ lastRun: null, sizes: null, growthPerDay: null },
    });
  });

  it('says what a rule would take, and exactly that is taken when it is saved', async () => {
    const of = (query: string) => get(`storage/preview?${query}`).then(({ expired }) => expired);
    expect(await of('detailDays=90')).toMatchObject({ scans: 2, shards: 2, refutations: 0 });
    expect(await of('detailDays=120')).toMatchObject({ scans: 1, shards: 1 });
    const preview = await of('detailDays=20&historyMonths=1');
    expect(preview).toMatchObject({ scans: 2, shards: 2, intervals: 0, deltas: 0 });
    await server.call('PUT', 'storage', { detailDays: 120, historyMonths: null });
    await runRetention(
      { database: test.database, log },
      server.site.id,
      new AbortController().signal,
    );
    expect(await of('detailDays=120')).toMatchObject({ scans: 0, shards: 0 });
    const view = await get('storage');
    expect(view.lastRun).toMatchObject({
      expired: { scans: 1, shards: 1 },
      finishedAt: expect.any(String),
    });
    expect(view.sizes.scans).toMatchObject({ rows: 3, bytes: expect.any(Number) });
    expect(view.sizes.belief.rows).toBeGreaterThan(0);
  });

  it('is tidied at once when a person says so', async () => {
    await server.call('PUT', 'storage', { detailDays: 7, historyMonths: null });
    await startRetentionWorkers({ database: test.database, log, queue });
    expect((await server.call('POST', 'storage/runs')).statusCode).toBe(202);
    const expiredLast = async () => (await get('storage')).lastRun.expired.scans;
    await expect.poll(expiredLast, { timeout: 10_000 }).toBe(1);
  });

  it.each([
    [{ detailDays: 6, historyMonths: 0 }, ['detailDays', 'historyMonths']],
    [{ detailDays: 90, historyMonths: 3 }, ['historyMonths']],
    [{ detailDays: 1.5, historyMonths: 241 }, ['detailDays', 'historyMonths']],
  ])('refuses %o with all that is wrong', async (rule, paths) => {
    const answer = await server.call('PUT', 'storage', rule);
    expect(answer.statusCode).toBe(400);
    expect(answer.json().problems.map(({ path }: { path: string }) => path)).toEqual(paths);
  });
});
