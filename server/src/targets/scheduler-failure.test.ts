import { pino } from 'pino';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { buildGroup, buildSite } from '../db/testing/build-site.ts';
import { createTestDatabase, type TestDatabase } from '../db/testing/test-database.ts';
import { createTestServer } from '../http/testing/create-test-server.ts';
import { scheduleRoutes } from './schedule-routes.ts';
import { createScheduler } from './scheduler.ts';

let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.close());

async function insertDue(siteId: string, minutesAgo: number) {
  const at = new Date(Date.now() - minutesAgo * 60_000).toISOString();
  const { id } = await test.database.system
    .insertInto('schedules')
    .values({
      site_id: siteId,
      group_id: (await buildGroup(test.database, siteId)).id,
      timing: JSON.stringify({ kind: 'interval', minutes: 60, startsAt: at }),
      missed: 'run',
      overlap: 'wait',
      next_run_at: at,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

it('a schedule that cannot be started holds up no other, and stays due', async () => {
  const broken = await insertDue((await buildSite(test.database)).siteId, 5);
  const sound = await insertDue((await buildSite(test.database)).siteId, 1);
  const tried: string[] = [];
  const scheduler = createScheduler({
    database: test.database,
    log: pino({ level: 'silent' }),
    everyMs: 50,
    startScan: async (_tx, { scheduleId }) => {
      tried.push(scheduleId);
      if (scheduleId === broken) throw new Error('it always fails');
      return null;
    },
  });
  scheduler.start();
  await vi.waitUntil(() => tried.includes(sound) && tried.lastIndexOf(broken) > 0, 5_000);
  await scheduler.stop();
  expect(tried.filter((id) => id === sound)).toHaveLength(1);
  const { rows } = await test.database.pool.query(
    'select id from schedules where next_run_at < now()',
  );
  expect(rows).toEqual([{ id: broken }]);
});

it('a schedule of one run that is over can still be switched off', async () => {
  const server = await createTestServer(test.database, [scheduleRoutes(test)]);
  const groupId = (await buildGroup(test.database, server.site.id)).id;
  const timing = { kind: 'once', at: new Date(Date.now() + 60_000).toISOString() };
  const { id } = (await server.call('POST', 'schedules', { groupId, timing })).json();
  const past = { kind: 'once', at: '2020-01-01T00:00:00Z' };
  await test.database.pool.query('update schedules set timing = $2 where id = $1', [id, past]);
  const put = (body: object) =>
    server.call('PUT', `schedules/${id}`, { groupId, timing: past, ...body });
  expect((await put({ enabled: true })).statusCode).toBe(400);
  const off = await put({ enabled: false });
  expect(off.statusCode).toBe(200);
  expect(off.json()).toMatchObject({ enabled: false, nextRuns: [] });
  await server.app.close();
});
