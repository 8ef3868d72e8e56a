import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../db/testing/test-database.ts';
import { AT_PLACE, BY_ADDRESS, RESET_MAILS, subjectOf } from './limits.ts';
import { countAttempt, deleteAttempts, uncountAttempt } from './queries.ts';

let opened: TestDatabase;
beforeAll(async () => {
  opened = await createTestDatabase();
});
beforeEach(() => opened.database.pool.query('delete from attempts'));
afterAll(() => opened.close());

const subject = subjectOf(AT_PLACE, 'ada@example.org', 'network', '192.0.2.1');
const count = (limit = AT_PLACE) => countAttempt(opened.database.system, subject, limit);
async function countMany(many: number, limit = AT_PLACE) {
  for (let each = 0; each < many; each += 1) await count(limit);
}
/** As if so much time had passed. */
const wait = (seconds: number) =>
  opened.database.pool.query(
    `update attempts set last_at = last_at - make_interval(secs => $1),
      locked_until = locked_until - make_interval(secs => $1)`,
    [seconds],
  );
async function lockSeconds(): Promise<number> {
  const { rows } = await opened.database.pool.query(
    'select extract(epoch from locked_until - last_at)::float8 as seconds from attempts',
  );
  return Math.round(rows[0].seconds);
}

describe('counting attempts', () => {
  test('the last free one locks, and each that fails then doubles the lock, up to an hour', async () => {
    await countMany(9);
    expect(await count()).toEqual({ allowed: true, lockedNow: true });
    const locks = [await lockSeconds()];
    for (let round = 0; round < 8; round += 1) {
      expect(await count()).toMatchObject({ allowed: false });
      await wait(locks.at(-1) ?? 0);
      expect(await count()).toMatchObject({ allowed: true });
      locks.push(await lockSeconds());
    }
    expect(locks).toEqual([60, 120, 240, 480, 960, 1_920, 3_600, 3_600, 3_600]);
  });

  test('a lock says until when', async () => {
    await countMany(10);
    const refused = await count();
    const left = refused.allowed ? 0 : refused.lockedUntil.getTime() - Date.now();
    expect(left).toBeGreaterThan(30_000);
    expect(left).toBeLessThanOrEqual(60_000);
  });

  test('of many at one moment no more get through than are free', async () => {
    const outcomes = await Promise.all(Array.from({ length: 40 }, () => count()));
    expect(outcomes.filter(({ allowed }) => allowed)).toHaveLength(10);
    expect(outcomes.filter((one) => one.allowed && one.lockedNow)).toHaveLength(1);
  });

  test('time makes room again, as much as each limit says', async () => {
    await countMany(60, BY_ADDRESS);
    await wait(60);
    expect(await count(BY_ADDRESS)).toEqual({ allowed: true, lockedNow: false });
    await opened.database.pool.query('delete from attempts');
    await countMany(3, RESET_MAILS);
    await wait(1_100);
    expect(await count(RESET_MAILS)).toMatchObject({ allowed: false });
    await wait(110);
    expect(await count(RESET_MAILS)).toMatchObject({ allowed: true });
  });

  test('one that was right takes its lock with it', async () => {
    const { system } = opened.database;
    await countMany(10);
    await uncountAttempt(system, subject);
    expect(await count()).toEqual({ allowed: true, lockedNow: true });
    await deleteAttempts(system, subject);
    await countMany(9);
    expect(await count()).toEqual({ allowed: true, lockedNow: true });
  });
});
