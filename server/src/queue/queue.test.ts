import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildSite } from '../db/testing/build-site.ts';
import {
  createTestDatabase,
  createTestQueue,
  type TestDatabase,
} from '../db/testing/test-database.ts';
import type { Queue } from './queue.ts';

let test: TestDatabase;
let siteId: string;
let queue: Queue;

beforeAll(async () => {
  test = await createTestDatabase();
  ({ siteId } = await buildSite(test.database));
});
afterAll(() => test.close());

describe('enqueue', () => {
  beforeAll(async () => {
    queue = await createTestQueue(test.database);
  });
  afterAll(() => queue.stop(1_000));
  afterEach(() => test.database.pool.query('truncate pgboss.job'));

  const enqueue = (scanId: string, options = {}) =>
    test.database.withSite(siteId, (tx) =>
      queue.enqueue(tx, 'scan.start', { siteId, scanId }, options),
    );
  const countWaiting = async () => {
    const { rows } = await test.database.pool.query(
      `select 1 from pgboss.job where state = 'created'`,
    );
    return rows.length;
  };

  it('adds a job when the transaction commits', async () => {
    await enqueue('a');
    expect(await countWaiting()).toBe(1);
  });

  it('adds none when the transaction is rolled back', async () => {
    const failing = test.database.withSite(siteId, async (tx) => {
      await queue.enqueue(tx, 'scan.start', { siteId, scanId: 'a' });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await countWaiting()).toBe(0);
  });

  it('keeps jobs without a key apart, and one of those with the same key', async () => {
    await enqueue('a');
    await enqueue('a');
    await enqueue('a', { key: 'a' });
    await enqueue('a', { key: 'a' });
    await enqueue('b', { key: 'b' });
    expect(await countWaiting()).toBe(4);
  });

  it('lets the role of a site add jobs, and change none', async () => {
    const change = test.database.withSite(siteId, (tx) =>
      tx.deleteFrom('pgboss.job' as 'scans').execute(),
    );
    await expect(change).rejects.toThrow('permission denied');
  });
});
