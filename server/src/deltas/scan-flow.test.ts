import { buildOpen, buildSeen, buildUnanswered } from '@netdelta/core/host/build-observation.ts';
import type { HostObservation } from '@netdelta/core/snapshot/snapshot.ts';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLive, type Live } from '../db/live.ts';
import { buildGroup, buildSite } from '../db/testing/build-site.ts';
import {
  createTestDatabase,
  createTestQueue,
  type TestDatabase,
} from '../db/testing/test-database.ts';
import type { Engine, EngineRequest, EngineResult } from '../engines/engine.ts';
import type { ProbeAnswer, ProbeRequest, Prober } from '../engines/prober/prober.ts';
import type { Queue } from '../queue/queue.ts';
import { cancelScan, requestScan } from '../scans/scan-lifecycle.ts';
import { startScanWorkers } from '../scans/workers.ts';
import { closeScan } from './close-scan.ts';
import { judge } from './judge.ts';

type Answer = (request: EngineRequest) => Promise<Partial<EngineResult>>;

const log = pino({ level: 'silent' });
const HERE = '127.0.1.1';
const OPEN = ['waiting', 'running', 'cancelling'];

let test: TestDatabase;
let queue: Queue;
let live: Live;
let site: { siteId: string; userId: string };
let answer: Answer;
let reply: (request: ProbeRequest) => ProbeAnswer | null;

/** An engine that sees what the test says. */
const engine: Engine = {
  name: 'connect',
  detect: async () => ({
    name: 'connect',
    available: true,
    version: '1',
    privileged: false,
    note: '',
  }),
  run: async (request) => ({
    end: 'finished',
    snapshot: { hosts: [], uncovered: [] },
    counts: new Map(),
    command: ['connect'],
    version: '1',
    ...(await answer(request)),
  }),
};

/** A prober to which nothing answers but what the test says. */
const prober: Prober = {
  ask: async (requests) => requests.map((request) => reply(request)),
  identify: async (endpoints) => endpoints.map(() => undefined),
};

beforeAll(async () => {
  test = await createTestDatabase();
  queue = await createTestQueue(test.database);
  live = await createLive(test.url, { log });
  site = await buildSite(test.database);
  await startScanWorkers({
    database: test.database,
    queue,
    live,
    log,
    engines: [engine],
    judge,
    prober,
    closeScan,
    resolveNames: async (names) => ({
      found: new Map(
        names.flatMap((name) => (name === 'here.test' ? [['127.0.1.9', name] as const] : [])),
      ),
      problems: names
        .filter((name) => name !== 'here.test')
        .map((what) => ({ what, message: 'does not resolve' })),
    }),
  });
});
afterAll(async () => {
  await queue.stop(1_000);
  await live.close();
  await test.close();
});
const refuses = (): ProbeAnswer => ({ state: 'closed', reason: 'conn-refused' });

beforeEach(() => {
  answer = () => Promise.reject(new Error('nothing to see was set'));
  reply = () => null;
});

const sees =
  (...hosts: HostObservation[]): Answer =>
  async () => ({ snapshot: { hosts, uncovered: [] } });
const seen = (...ports: number[]) =>
  buildSeen(
    ports.map((port) => buildOpen(port)),
    { address: HERE },
  );
const silent = buildUnanswered({ address: HERE, covered: { tcp: [[1, 1000]], udp: [] } });

async function request(groupId: string, whenRunning: 'wait' | 'skip' = 'skip') {
  return test.database.withSite(site.siteId, (tx) =>
    requestScan(
      tx,
      { queue, live },
      {
        siteId: site.siteId,
        groupId,
        trigger: 'person',
        startedBy: site.userId,
        scheduleId: null,
        whenRunning,
      },
    ),
  );
}

const selectScan = (id: string) =>
  test.database.system
    .selectFrom('scans')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirstOrThrow();

async function scan(groupId: string, next: Answer) {
  answer = next;
  const { scanId } = await request(groupId);
  return ended(scanId ?? '');
}

async function ended(scanId: string) {
  await vi.waitUntil(async () => !OPEN.includes((await selectScan(scanId)).status), {
    timeout: 15_000,
    interval: 50,
  });
  const row = await selectScan(scanId);
  const deltas = await test.database.system
    .selectFrom('deltas')
    .select(['kind', 'port', 'rating', 'rated', 'evidence'])
    .where('scan_id', '=', scanId)
    .orderBy('id')
    .execute();
  const kinds = deltas.map(({ kind, port }) => (port ? `${kind} ${port}` : kind));
  return { ...row, kinds, ratings: deltas.map(({ rating }) => rating), deltas };
}

const selectLedger = (groupId: string) =>
  test.database.system
    .selectFrom('refutations')
    .select(['scan_id', 'kind', 'port'])
    .where('group_id', '=', groupId)
    .execute();

async function countRows() {
  const { rows } = await test.database.pool.query(
    'select (select count(*) from host_intervals)::int + (select count(*) from service_intervals)::int + (select count(*) from hosts)::int as rows',
  );
  return rows[0].rows;
}

describe('scans of a group', () => {
  it('learn silently, tell what changed, and write nothing when nothing changed', async () => {
    const { id } = await buildGroup(test.database, site.siteId, { down_after: 2 });
    reply = refuses;
    const first = await scan(id, sees(seen(22, 80)));
    expect(first).toMatchObject({
      status: 'finished',
      first: true,
      kinds: [],
      hosts_up: 1,
      services_open: 2,
    });
    const second = await scan(id, sees(seen(22, 443)));
    expect(second).toMatchObject({
      status: 'finished',
      first: false,
      previous_scan_id: first.id,
      delta_count: 2,
    });
    expect(second.kinds.sort()).toEqual(['service.closed 80', 'service.opened 443']);
    await scan(id, sees(seen(22, 443)));
    const rows = await countRows();
    const quiet = await scan(id, sees(seen(22, 443)));
    expect(quiet.kinds).toEqual([]);
    expect(await countRows()).toBe(rows);
    reply = () => null;
    expect((await scan(id, sees(silent))).kinds).toEqual([]);
    expect((await scan(id, sees(silent))).kinds).toEqual(['host.down']);
    reply = refuses;
    expect((await scan(id, sees(seen(22)))).kinds).toEqual(['host.returned', 'service.closed 443']);
    const statuses = await test.database.system
      .selectFrom('host_intervals')
      .select('status')
      .where('group_id', '=', id)
      .orderBy('valid_from')
      .execute();
    expect(statuses.map(({ status }) => status)).toEqual([2, 4, 3, 5, 6, 8]);
  });

  it('rate what they tell when they end: new, then likely noise, more urgent on a danger port', async () => {
    const { id } = await buildGroup(test.database, site.siteId, { down_after: 2 });
    reply = refuses;
    await scan(id, sees(seen(22, 80)));
    const gone = await scan(id, sees(seen(22)));
    expect([gone.kinds, gone.ratings]).toEqual([['service.closed 80'], ['red']]);
    await scan(id, sees(seen(22, 80)));
    const again = await scan(id, sees(seen(22)));
    expect([again.kinds, again.ratings]).toEqual([['service.closed 80'], ['green']]);
    expect(again.deltas[0]?.rated).toMatchObject({
      history: { window: 35, scans: 3, last: 2, times: 1, targets: 1 },
      evidence: 'confirmed',
    });
    const { system } = test.database;
    await system.updateTable('sites').set({ danger_ports: '443' }).execute();
    await scan(id, sees(seen(22, 443)));
    await scan(id, sees(seen(22)));
    const opened = await scan(id, sees(seen(22, 443)));
    expect([opened.kinds, opened.ratings]).toEqual([['service.opened 443'], ['amber']]);
    expect(opened.deltas[0]?.rated?.danger).toEqual({ port: 443, why: 'listed' });
    reply = () => null;
    await scan(id, sees(silent));
    const down = await scan(id, sees(silent));
    expect([down.kinds, down.ratings]).toEqual([['host.down'], ['red']]);
    expect(down.deltas[0]?.rated?.evidence).toBe('probable');
  });

  it('ask again what fell silent: tell what is gone in that very scan, and enter false alarms into the ledger', async () => {
    const byEvidence = { down_after: 0, service_down_after: 0 };
    const { id } = await buildGroup(test.database, site.siteId, byEvidence);
    const quiet = buildOpen(80, { state: 'silent', reason: 'no-response' });
    const half = buildSeen([buildOpen(22), quiet], { address: HERE });
    const counts = new Map([[HERE, { answered: 1_000, unanswered: 0 }]]);
    const seesHalf: Answer = async () => ({ snapshot: { hosts: [half], uncovered: [] }, counts });
    await scan(id, sees(seen(22, 80)));

    reply = () => ({ state: 'open', reason: 'syn-ack' });
    const refuted = await scan(id, seesHalf);
    expect(refuted.kinds).toEqual([]);
    expect(await selectLedger(id)).toEqual([{ scan_id: refuted.id, kind: 'silent', port: 80 }]);

    reply = () => ({ state: 'silent', reason: 'no-response' });
    const confirmed = await scan(id, seesHalf);
    expect(confirmed.kinds).toEqual(['service.filtered 80']);
    const evidence = confirmed.deltas[0]?.evidence;
    expect(evidence?.likelihood).toBeGreaterThan(0.99);
    expect(evidence?.confirmation?.probes).toHaveLength(5);
    expect(confirmed.ratings).toEqual(['red']);
  });

  it('change nothing when the engine fails, and say why', async () => {
    const { id } = await buildGroup(test.database, site.siteId, { down_after: 1 });
    await scan(id, sees(seen(22)));
    const failed = await scan(id, async () => ({
      end: 'failed',
      problem: 'nmap crashed',
      snapshot: { hosts: [], uncovered: [{ address: HERE, reason: 'engine-error' }] },
    }));
    expect(failed).toMatchObject({
      status: 'failed',
      kinds: [],
      problems: [{ what: '1 shard', message: 'nmap crashed' }],
    });
    const next = await scan(id, sees(seen(22)));
    expect(next).toMatchObject({ status: 'finished', kinds: [] });
    expect(next.previous_scan_id).not.toBe(failed.id);
  });

  it('scan the rest when a host name does not resolve, and say so', async () => {
    const targets = JSON.stringify([
      { kind: 'name', text: 'gone.test' },
      { kind: 'name', text: 'here.test' },
    ]);
    const { id } = await buildGroup(test.database, site.siteId, { targets });
    const done = await scan(id, async ({ addresses }) => ({
      snapshot: {
        hosts: addresses.map((address) => buildSeen([buildOpen(22)], { address })),
        uncovered: [],
      },
    }));
    expect(done).toMatchObject({
      status: 'finished',
      address_count: 1,
      problems: [{ what: 'gone.test' }],
    });
    const host = await test.database.system
      .selectFrom('hosts')
      .selectAll()
      .where('group_id', '=', id)
      .executeTakeFirstOrThrow();
    expect(host).toMatchObject({ address: '127.0.1.9', target_name: 'here.test' });
  });

  it('end at once when cancelled, keep what was covered, and let the waiting one begin', async () => {
    const { id } = await buildGroup(test.database, site.siteId);
    const begun = Promise.withResolvers<void>();
    answer = ({ signal }) =>
      new Promise((resolve) => {
        begun.resolve();
        signal.addEventListener('abort', () =>
          resolve({
            end: 'cancelled',
            snapshot: { hosts: [], uncovered: [{ address: HERE, reason: 'cancelled' }] },
          }),
        );
      });
    const { scanId } = await request(id);
    await begun.promise;
    expect(await request(id, 'skip')).toMatchObject({ outcome: 'refused', scanId });
    const waiting = await request(id, 'wait');
    expect(waiting.outcome).toBe('waiting');
    expect((await request(id, 'wait')).outcome).toBe('refused');
    answer = sees(seen(22));
    const started = Date.now();
    const done = await test.database.withSite(site.siteId, (tx) =>
      cancelScan(tx, { queue, live, closeScan }, scanId ?? ''),
    );
    expect(done).toBe(true);
    expect((await ended(scanId ?? '')).status).toBe('cancelled');
    expect(Date.now() - started).toBeLessThan(2_000);
    expect(await ended(waiting.scanId ?? '')).toMatchObject({ status: 'finished', first: true });
  });

  it('end a cancelled scan whose worker vanished', async () => {
    const { id } = await buildGroup(test.database, site.siteId);
    const { scanId } = await request(id, 'skip');
    await vi.waitUntil(async () => (await selectScan(scanId ?? '')).shard_count > 0, 5_000);
    const { pool } = test.database;
    await pool.query(`update scans set status = 'cancelling' where id = $1`, [scanId]);
    await pool.query(
      `update shards set status = 'running', attempts = attempts + 1 where scan_id = $1`,
      [scanId],
    );
    await test.database.withSite(site.siteId, (tx) =>
      queue.enqueue(tx, 'scan.shard', {
        siteId: site.siteId,
        scanId: scanId ?? '',
        number: 0,
        turn: 1,
      }),
    );
    expect(await ended(scanId ?? '')).toMatchObject({ status: 'cancelled', shards_done: 1 });
  });

  it('tell nothing of an address that was taken out of the targets meanwhile', async () => {
    const { id } = await buildGroup(test.database, site.siteId);
    const done = await scan(id, async () => {
      await test.database.pool.query(
        `update groups set updated_at = clock_timestamp(), targets = $2 where id = $1`,
        [id, JSON.stringify([{ kind: 'range', text: 'x', first: '127.0.1.2', last: '127.0.1.2' }])],
      );
      return { snapshot: { hosts: [seen(22)], uncovered: [] } };
    });
    expect(done.status).toBe('finished');
    const { rows } = await test.database.pool.query('select * from hosts where group_id = $1', [
      id,
    ]);
    expect(rows).toEqual([]);
  });

  it('cut a large group into shards, each once', async () => {
    const targets = JSON.stringify([
      { kind: 'range', text: 'x', first: '127.1.0.0', last: '127.1.3.255' },
    ]);
    const { id } = await buildGroup(test.database, site.siteId, { targets, address_count: 1024 });
    const asked: string[] = [];
    const done = await scan(id, async ({ addresses }) => {
      asked.push(...addresses);
      return {
        snapshot: { hosts: addresses.map((address) => buildSeen([], { address })), uncovered: [] },
      };
    });
    expect(done).toMatchObject({
      status: 'finished',
      shard_count: 4,
      shards_done: 4,
      hosts_up: 1024,
    });
    expect(new Set(asked).size).toBe(1024);
    expect(asked).toHaveLength(1024);
  });
});
