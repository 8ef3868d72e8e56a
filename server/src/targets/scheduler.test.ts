import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { buildGroup, buildSite } from '../db/testing/build-site.ts';
import { createTestDatabase, type TestDatabase } from '../db/testing/test-database.ts';
import { createScheduler, NOT_NOW, type Scheduler, type StartScheduled } from './scheduler.ts';

const log = pino({ level: 'silent' });
let test: TestDatabase;
let site: { siteId: string };
let schedulers: Scheduler[] = [];

beforeAll(async () => {
  test = await createTestDatabase();
  site = await buildSite(test.database);
});
afterAll(() => test.close());
beforeEach(async () => {
  await test.database.system.deleteFrom('schedules').execute();
});

async function buildSchedule(minutesAgo: number, missed: 'run' | 'skip' = 'run') {
  const group = await buildGroup(test.database, site.siteId);
  const at = new Date(Date.now() - minutesAgo * 60_000);
  return test.database.system
    .insertInto('schedules')
    .values({
      site_id: site.siteId,
      group_id: group.id,
      timing: JSON.stringify({ kind: 'interval', minutes: 60, startsAt: at.toISOString() }),
      missed,
      overlap: 'skip',
      next_run_at: at,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

const selectSchedule = (id: string) =>
  test.database.system
    .selectFrom('schedules')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirstOrThrow();

async function runSchedulers(
  many: number,
  startScan: StartScheduled,
  until: () => Promise<boolean>,
) {
  schedulers = Array.from({ length: many }, () =>
    createScheduler({ database: test.database, log, startScan, everyMs: 20 }),
  );
  for (const scheduler of schedulers) scheduler.start();
  await vi.waitUntil(until, { timeout: 5_000, interval: 20 });
  await new Promise((resolve) => setTimeout(resolve, 100));
  await Promise.all(schedulers.map((scheduler) => scheduler.stop()));
}

describe('schedulers', () => {
  it('start each due run once, however many there are, and move the schedule on', async () => {
    const due = await Promise.all([0, 1, 2, 3, 4, 5].map(() => buildSchedule(1)));
    const started: string[] = [];
    await runSchedulers(
      3,
      async (_tx, { scheduleId }) => {
        started.push(scheduleId);
        return null;
      },
      async () => started.length >= due.length,
    );
    expect(started.sort()).toEqual(due.map(({ id }) => id).sort());
    const after = await selectSchedule(due[0]?.id ?? '');
    expect(after.last_outcome).toBe('started');
    expect(after.next_run_at?.getTime()).toBe((due[0]?.next_run_at?.getTime() ?? 0) + 3_600_000);
  });

  it('skip what was missed when the schedule says so, and leave what is not due', async () => {
    const missed = await buildSchedule(30, 'skip');
    const later = await buildSchedule(-30);
    const startScan = vi.fn<StartScheduled>(async () => null);
    await runSchedulers(
      1,
      startScan,
      async () => (await selectSchedule(missed.id)).last_outcome !== null,
    );
    expect(startScan).not.toHaveBeenCalled();
    expect((await selectSchedule(missed.id)).last_outcome).toContain('missed');
    expect((await selectSchedule(later.id)).last_run_at).toBeNull();
  });

  it('leave due what cannot start now, and start it as soon as it can', async () => {
    const due = await buildSchedule(1);
    let calls = 0;
    const startScan = vi.fn<StartScheduled>(async () => {
      calls += 1;
      return calls < 4 ? NOT_NOW : null;
    });
    await runSchedulers(
      1,
      startScan,
      async () => (await selectSchedule(due.id)).last_run_at !== null,
    );
    expect(startScan).toHaveBeenCalledTimes(4);
  });

  it('try again when a start failed: nothing is half done', async () => {
    const due = await buildSchedule(1);
    let calls = 0;
    await runSchedulers(
      1,
      async () => {
        calls += 1;
        if (calls === 1) throw new Error('the database went away');
        return null;
      },
      async () => (await selectSchedule(due.id)).last_outcome !== null,
    );
    expect(calls).toBe(2);
  });
});
