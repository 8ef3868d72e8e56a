import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { openSiteSnapshot } from './site-snapshot.ts';
import { buildGroup, buildSite } from './testing/build-site.ts';
import { createTestDatabase, type TestDatabase } from './testing/test-database.ts';

let test: TestDatabase;
let siteId: string;
const NAMES = 'select name from groups';

beforeAll(async () => {
  test = await createTestDatabase();
  ({ siteId } = await buildSite(test.database));
  await buildGroup(test.database, siteId, { name: 'One' });
  const other = await buildSite(test.database);
  await buildGroup(test.database, other.siteId, { name: 'Of another site' });
});
afterAll(() => test.close());

async function readAll(copy: AsyncIterable<Buffer>): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of copy) pieces.push(piece);
  return Buffer.concat(pieces).toString('utf8');
}

it('shows one site at one instant, whatever is written meanwhile', async () => {
  const snapshot = await openSiteSnapshot(test.database, siteId);
  await buildGroup(test.database, siteId, { name: 'Later' });
  expect(await readAll(snapshot.copy(NAMES))).toBe('One\n');
  expect(await snapshot.tx.selectFrom('groups').select('name').execute()).toEqual([
    { name: 'One' },
  ]);
  await snapshot.close();
});

it('writes nothing', async () => {
  const snapshot = await openSiteSnapshot(test.database, siteId);
  await expect(snapshot.tx.deleteFrom('groups').execute()).rejects.toThrow('read-only');
  await snapshot.close();
});

it('tells what was wrong with a query, and leaves the pool as it was', async () => {
  const snapshot = await openSiteSnapshot(test.database, siteId);
  await expect(readAll(snapshot.copy('select nothing'))).rejects.toThrow('does not exist');
  await snapshot.close();
  expect(test.database.pool.idleCount).toBe(test.database.pool.totalCount);
});

const isRunning = async (text: string) => {
  const select = `select count(*)::int as count from pg_stat_activity where query like '%${text}%'
    and state = 'active' and pid <> pg_backend_pid()`;
  return (await test.database.pool.query(select)).rows[0].count > 0;
};
const ended = (text: string) =>
  vi.waitFor(async () => expect(await isRunning(text)).toBe(false), {
    timeout: 10_000,
    interval: 50,
  });

it('ends the query of whoever stops reading', async () => {
  const snapshot = await openSiteSnapshot(test.database, siteId);
  const endless = "select repeat('x', 1000), generate_series(1, 1000000001)";
  for await (const piece of snapshot.copy(endless)) {
    expect(piece.length).toBeGreaterThan(0);
    break;
  }
  await snapshot.close();
  await ended('1000000001');
  expect(test.database.pool.idleCount).toBe(test.database.pool.totalCount);
});

it('ends a query that has said nothing yet', async () => {
  const snapshot = await openSiteSnapshot(test.database, siteId);
  const reading = readAll(snapshot.copy('select pg_sleep(1000.5)'));
  await vi.waitUntil(() => isRunning('1000.5'), { timeout: 10_000, interval: 20 });
  // It may fail before the closing is through.
  const failure = expect(reading).rejects.toThrow();
  await snapshot.close();
  await failure;
  await ended('1000.5');
});
