import { buildOpen, buildSeen, buildUnanswered } from '@netdelta/core/host/build-observation.ts';
import type { HostObservation } from '@netdelta/core/snapshot/snapshot.ts';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { shareDetails } from '../db/details-lock-queries.ts';
import { buildGroup, buildSite } from '../db/testing/build-site.ts';
import { createTestDatabase, type TestDatabase } from '../db/testing/test-database.ts';
import { selectLastLooks } from '../deltas/last-look-queries.ts';
import { findInstants } from '../deltas/past/find-instants.ts';
import { replayGroup } from '../deltas/replay-group.ts';
import { createScanner, type Scanner } from '../deltas/testing/create-scanner.ts';
import { selectEverything } from '../deltas/testing/queries.ts';
import { selectSights } from '../scans/shard-queries.ts';
import { runRetention } from './run-retention.ts';
import { countRows, passDays } from './testing/queries.ts';

const HERE = '127.0.1.1';
const log = pino({ level: 'silent' });
const never = new AbortController().signal;
const offering = (...ports: number[]) =>
  buildSeen(
    ports.map((port) => buildOpen(port)),
    { address: HERE },
  );
const silent = buildUnanswered({ address: HERE, covered: { tcp: [[1, 1000]], udp: [] } });

let test: TestDatabase;
let scanner: Scanner;
let place: { siteId: string; userId: string; groupId: string };

beforeAll(async () => {
  test = await createTestDatabase();
  scanner = await createScanner(test);
});
afterAll(async () => {
  await scanner.close();
  await test.close();
});
beforeEach(async () => {
  const site = await buildSite(test.database);
  const group = await buildGroup(test.database, site.siteId, {
    down_after: 1,
    service_down_after: 1,
  });
  place = { ...site, groupId: group.id };
});

/** Scans of the group, oldest first, each so many days before the one after it. */
async function scanned(history: readonly HostObservation[], daysApart: number): Promise<string[]> {
  const ids: string[] = [];
  for (const seen of history) {
    await passDays(test.database, daysApart);
    ids.push(await scanner.scan(place, [seen]));
  }
  return ids;
}

const run = (signal = never) =>
  runRetention({ database: test.database, log }, place.siteId, signal);
const count = (table: string, siteId = place.siteId) => countRows(test.database, table, siteId);
const keep = (rule: { detail_days?: number; history_months?: number; history_window?: number }) =>
  test.database.system.updateTable('sites').set(rule).where('id', '=', place.siteId).execute();
const selectScans = () =>
  test.database.system
    .selectFrom('scans')
    .selectAll()
    .where('site_id', '=', place.siteId)
    .orderBy('created_at')
    .execute();
const replay = () =>
  test.database.withSite(place.siteId, (tx) =>
    replayGroup(
      tx,
      {
        site: { id: place.siteId, timeZone: 'UTC' },
        groupId: place.groupId,
        ...{ policy: { downAfter: 2 }, scans: 100 },
      },
      never,
    ),
  );

describe('retention', () => {
  it('takes the details of scans that are too old, and nothing of what is believed or was told', async () => {
    await scanned([offering(22), offering(22, 80), offering(22), offering(22)], 40);
    await keep({ detail_days: 60 });
    const before = await selectEverything(test.database);
    expect(await run()).toMatchObject({ scans: 2, shards: 2 });
    expect(await count('shards')).toBe(2);
    const kept = (rows: string[]) => rows.filter((row) => !/^(shards|scans) /.test(row));
    expect(kept(await selectEverything(test.database))).toEqual(kept(before));
    expect(await selectScans()).toMatchObject([
      { hosts_up: 1, services_open: 1, covered: '{[127.0.1.1,127.0.1.2)}', has_details: false },
      { delta_count: 1, services_open: 2, details_expired_at: expect.any(Date) },
      { details_expired_at: null, has_details: true },
      { details_expired_at: null, has_details: true },
    ]);
    expect(await replay()).toMatchObject({ expired: 2, unstored: 0, scans: [{}, {}] });
    expect(await run()).toEqual({});
  });

  it('leaves it true when a host was last covered and last seen', async () => {
    const looks = () =>
      test.database.withSite(place.siteId, (tx) => selectLastLooks(tx, place.groupId, HERE));
    const [first = ''] = await scanned([offering(22), silent, silent], 40);
    const scanOf = async (id: string) => (await selectScans()).find((scan) => scan.id === id);
    const before = await looks();
    const newest = (await selectScans()).at(-1);
    const minutes = (at?: Date | null) => Math.round((at?.getTime() ?? 0) / 60_000);
    expect(minutes(before.covered)).toBe(minutes(newest?.finished_at));
    expect(minutes(before.seen)).toBe(minutes((await scanOf(first))?.finished_at));
    await keep({ detail_days: 7 });
    expect(await run()).toMatchObject({ scans: 2 });
    const after = await looks();
    expect(after.covered).toEqual(before.covered);
    expect(minutes(after.seen)).toBe(minutes(before.seen));
  });

  it('keeps the details of the newest whole scan, however old', async () => {
    const [id = ''] = await scanned([offering(22)], 0);
    await passDays(test.database, 1_000);
    expect(await run()).toEqual({});
    const sights = await test.database.withSite(place.siteId, (tx) => selectSights(tx, id));
    expect(sights).toMatchObject([{ addresses: [HERE], sight: expect.any(Buffer) }]);
  });

  it('goes on where it was interrupted; what is half gone is not read', async () => {
    const [id = ''] = await scanned([offering(22), offering(22)], 100);
    // As many shards as no single step takes.
    await test.database.pool.query(
      `insert into shards (site_id, scan_id, number, addresses, address_count, status, sight, sight_base_id)
       select site_id, scan_id, n, addresses, address_count, status, sight, sight_base_id
       from shards, generate_series(1, 1200) as n where scan_id = $1`,
      [id],
    );
    const stop = new AbortController();
    const stopping = run(stop.signal);
    await expect.poll(() => count('shards'), { interval: 1 }).toBeLessThan(1_202);
    stop.abort();
    await expect(stopping).rejects.toThrow(/aborted/);
    const left = await count('shards');
    expect(left).toBeGreaterThan(1);
    expect(await replay()).toMatchObject({ expired: 1 });
    expect(await run()).toMatchObject({ scans: 1, shards: left - 1 });
    expect(await count('shards')).toBe(1);
  });

  it('waits for nobody who scans, and nobody who scans waits for it', async () => {
    await scanned([offering(22), offering(22)], 100);
    // A shard of the next scan is being saved: its rows are locked, its transaction is open.
    await test.database.withSite(place.siteId, async (tx) => {
      await tx.selectFrom('hosts').selectAll().forUpdate().execute();
      await tx
        .updateTable('scans')
        .set({ loss: 0 })
        .where('has_details', '=', true)
        .where('created_at', '>', new Date(Date.now() - 86_400_000))
        .execute();
      expect(await run()).toMatchObject({ scans: 1, shards: 1 });
    });
    await passDays(test.database, 100);
    const [id, gone] = await Promise.all([scanner.scan(place, [offering(22, 80)]), run()]);
    expect(gone).toBeDefined();
    expect((await selectScans()).find((scan) => scan.id === id)).toMatchObject({
      status: 'finished',
      delta_count: 1,
    });
  });

  it('takes no details while somebody reads them', async () => {
    await scanned([offering(22), offering(22)], 100);
    await test.database.withSite(place.siteId, async (tx) => {
      await shareDetails(tx, place.groupId);
      expect(await run()).toEqual({});
    });
    expect(await run()).toMatchObject({ scans: 1 });
  });

  it.each([
    ['shards', { detail_days: 90 }],
    ['deltas', { detail_days: 3_650, history_months: 1, history_window: 1 }],
  ] as const)(
    'does not wait for the deletion of a group that waits for its %s',
    async (table, rule) => {
      const [, second = ''] = await scanned([offering(22), offering(22, 80), offering(22)], 400);
      await keep(rule);
      const { pool, system } = test.database;
      const waits = async () => {
        const locks = "select 1 from pg_locks where not granted and locktype = 'transactionid'";
        return (await pool.query(locks)).rows.length > 0;
      };
      // A deletion takes the scans before what belongs to them.
      const { going } = await system.transaction().execute(async (tx) => {
        await tx.selectFrom('scans').select('id').where('id', '=', second).forUpdate().execute();
        const going = run().then(
          () => null,
          (error: unknown) => error,
        );
        await vi.waitUntil(waits, { timeout: 5_000 });
        await tx.deleteFrom(table).where('scan_id', '=', second).execute();
        return { going };
      });
      expect(await going).toBeNull();
    },
  );

  it('takes a base only when no sight is kept by it any more', async () => {
    const changing = (night: number) => {
      const names = Array.from({ length: 99 }, (_, at) => String(Math.sin(night * 1_000 + at)));
      return buildSeen([buildOpen(22)], { address: HERE, names });
    };
    await scanned([1, 2, 3, 4].map(changing), 40);
    const bases = await count('sight_bases');
    expect(bases).toBeGreaterThan(2);
    await keep({ detail_days: 60 });
    await run();
    expect(await count('sight_bases')).toBeLessThan(bases);
    // Those that are left can still be read, every one.
    expect(await replay()).toMatchObject({ scans: [{}, {}], expired: 2 });
  });

  it('takes the ledger and mails that are too old, but no mail that still waits', async () => {
    const [id = ''] = await scanned([offering(22)], 0);
    const at = new Date(Date.now() - 100 * 86_400_000);
    const { siteId: site_id, groupId: group_id } = place;
    const mail = { site_id, recipient: '', subject: '', text: '', html: '', created_at: at };
    await test.database.system
      .insertInto('notifications')
      .values([
        { ...mail, status: 'sent' },
        { ...mail, status: 'queued' },
      ])
      .execute();
    const entry = {
      site_id,
      group_id,
      scan_id: id,
      address: HERE,
      kind: 'host',
      finding: '{}',
    } as const;
    await test.database.system
      .insertInto('refutations')
      .values([
        { ...entry, at },
        { ...entry, at: new Date() },
      ])
      .execute();
    expect(await run()).toMatchObject({ refutations: 1, notifications: 1 });
    expect([await count('refutations'), await count('notifications')]).toEqual([1, 1]);
  });

  it('takes history only where it was told to, and never what ratings look back to', async () => {
    const history = [offering(22), offering(22, 80), offering(22), offering(22, 80), offering(22)];
    await scanned(history, 40);
    expect(await count('deltas')).toBe(4);
    const all = await count('service_intervals');
    await run();
    expect([await count('deltas'), await count('service_intervals')]).toEqual([4, all]);
    await keep({ history_months: 1, history_window: 5 });
    expect(await run()).not.toHaveProperty('deltas');
    await keep({ history_months: 1, history_window: 2 });
    // The first interval of port 80 ended in the third scan, before the last two.
    expect(await run()).toMatchObject({ deltas: 2, intervals: expect.any(Number) });
    expect(await count('deltas')).toBe(2);
    expect(await count('service_intervals')).toBe(all - 1);
    const group = test.database.system.selectFrom('groups').select('history_from');
    const { history_from } = await group.where('id', '=', place.groupId).executeTakeFirstOrThrow();
    const horizon = (await selectScans()).at(-2)?.created_at;
    expect(history_from).toEqual(horizon);
    const ask = (at: Date) =>
      test.database.withSite(place.siteId, (tx) =>
        findInstants(tx, {
          ...{ written: { at: at.toISOString() }, groupId: place.groupId },
          ...{ timeZone: 'UTC', now: new Date().toISOString() },
        }),
      );
    expect(await ask(history_from ?? new Date(0))).toMatchObject({ ok: true });
    expect(await ask(new Date(Number(history_from) - 1))).toMatchObject({
      ok: false,
      problems: [{ path: 'at', message: expect.stringContaining('has expired') }],
    });
    expect(await run()).toEqual({});
  });

  it('says since when the past is whole also where only an edit ended what has expired', async () => {
    await scanned([offering(22)], 0);
    await passDays(test.database, 300);
    const { siteId, groupId } = place;
    // As when its address is taken out of the targets.
    await test.database.pool.query(
      `with ended as (update host_intervals set valid_to = now() where site_id = $1 and valid_to is null returning *)
       insert into host_intervals (site_id, group_id, address, valid_from, status)
       select site_id, group_id, address, valid_to, 9 from ended`,
      [siteId],
    );
    await passDays(test.database, 300);
    await scanned([offering(22)], 0);
    await keep({ history_months: 12, history_window: 0 });
    await run();
    await keep({ history_months: 3 });
    expect(await run()).toMatchObject({ intervals: 1 });
    const [past] = await test.database.withSite(siteId, (tx) =>
      tx.selectFrom('groups').select('history_from').where('id', '=', groupId).execute(),
    );
    expect(Date.now() - Number(past?.history_from)).toBeLessThan(100 * 86_400_000);
  });

  it('notes each run, with what it took and what is left', async () => {
    await scanned([offering(22), offering(22)], 100);
    await run();
    const runs = await test.database.system
      .selectFrom('retention_runs')
      .selectAll()
      .where('site_id', '=', place.siteId)
      .execute();
    expect(runs).toMatchObject([
      {
        detail_days: 90,
        history_months: null,
        finished_at: expect.any(Date),
        expired: { scans: 1, shards: 1, bytes: expect.any(Number) },
        sizes: { scans: { bytes: expect.any(Number) }, belief: { rows: expect.any(Number) } },
      },
    ]);
  });

  it('leaves other sites alone', async () => {
    await scanned([offering(22), offering(22)], 100);
    const other = await buildSite(test.database);
    await runRetention({ database: test.database, log }, other.siteId, never);
    expect(await count('shards')).toBe(2);
  });
});
