import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildSite } from '../db/testing/build-site.ts';
import {
  createTestDatabase,
  createTestQueue,
  type TestDatabase,
} from '../db/testing/test-database.ts';
import type { Queue } from '../queue/queue.ts';
import { createRetentionScheduler, startRetentionWorkers } from './jobs.ts';
import { countRows } from './testing/queries.ts';

const log = pino({ level: 'silent' });
const HOUR_MS = 3_600_000;
let test: TestDatabase;
let queue: Queue;

beforeAll(async () => {
  test = await createTestDatabase();
  queue = await createTestQueue(test.database);
});
afterAll(async () => {
  await queue.stop(1_000);
  await test.close();
});

const nextAt = async (siteId: string) => {
  const sites = test.database.system.selectFrom('sites').select('retention_next_at');
  const site = await sites.where('id', '=', siteId).executeTakeFirstOrThrow();
  return site.retention_next_at;
};
const addSession = (id: string, userId: string, expiresAt: Date) =>
  test.database.pool.query(
    `insert into sessions (id, "userId", token, "expiresAt") values ($1, $2, $1, $3)`,
    [id, userId, expiresAt],
  );

describe('the scheduler of retention', () => {
  it('runs it once a day in every site, however many schedulers there are', async () => {
    const sites = [await buildSite(test.database), await buildSite(test.database)];
    const parts = { database: test.database, log, queue };
    await startRetentionWorkers(parts);
    const schedulers = [1, 2, 3].map(() => createRetentionScheduler(parts, 20));
    for (const scheduler of schedulers) scheduler.start();
    for (const { siteId } of sites)
      await expect
        .poll(() => countRows(test.database, 'retention_runs', siteId), { timeout: 10_000 })
        .toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 200));
    await Promise.all(schedulers.map(({ stop }) => stop()));
    for (const { siteId } of sites) {
      expect(await countRows(test.database, 'retention_runs', siteId)).toBe(1);
      const next = await nextAt(siteId);
      expect(next.getTime() - Date.now()).toBeGreaterThan(0);
      expect(next.getTime() - Date.now()).toBeLessThanOrEqual(28 * HOUR_MS);
      expect(next.getUTCHours()).toBeGreaterThanOrEqual(1);
      expect(next.getUTCHours()).toBeLessThan(5);
    }
  });

  it('forgets sessions that have ended, and no others', async () => {
    const { userId } = await buildSite(test.database);
    await addSession('ended', userId, new Date(Date.now() - 1_000));
    await addSession('open', userId, new Date(Date.now() + HOUR_MS));
    const scheduler = createRetentionScheduler({ database: test.database, log, queue }, 20);
    scheduler.start();
    const left = async () =>
      (await test.database.pool.query('select id from sessions')).rows.map(({ id }) => id);
    await expect.poll(left, { timeout: 5_000 }).toEqual(['open']);
    await scheduler.stop();
  });
});
