import { buildOpen, buildSeen, buildUnanswered } from '@netdelta/core/host/build-observation.ts';
import type { HostObservation } from '@netdelta/core/snapshot/snapshot.ts';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createLive, type Live } from '../db/live.ts';
import { buildGroup, buildSite } from '../db/testing/build-site.ts';
import {
  createTestDatabase,
  createTestQueue,
  type TestDatabase,
} from '../db/testing/test-database.ts';
import type { Engine, EngineRequest } from '../engines/engine.ts';
import type { Prober } from '../engines/prober/prober.ts';
import type { Queue } from '../queue/queue.ts';
import { requestScan } from '../scans/scan-lifecycle.ts';
import { startScanWorkers } from '../scans/workers.ts';
import { closeScan } from './close-scan.ts';
import { judge } from './judge.ts';

const log = pino({ level: 'silent' });
/** Addresses of two shards: the first has 256. */
const [A, B, C, D] = ['127.1.0.1', '127.1.0.2', '127.1.1.1', '127.1.1.2'];
const PORTS = [22, 80, 443];

let test: TestDatabase;
let queue: Queue;
let live: Live;
let site: { siteId: string; userId: string };
/** Who is up where. */
let network: Record<string, HostObservation>;
/** Which shard ends last. */
let slow: 'first' | 'second' = 'second';
let failing = false;
let leadsTo = A;

function host(who: number, ports: readonly number[] = [22]): HostObservation {
  const endpoints = ports.map((port) => buildOpen(port));
  const mac = `02:00:00:00:00:0${who}`;
  return buildSeen(endpoints, { covered: PORTS, mac, names: [`host-${who}.test`] });
}

async function see({ addresses }: EngineRequest) {
  const isFirst = addresses.includes(A);
  if (isFirst === (slow === 'first')) await new Promise((resolve) => setTimeout(resolve, 150));
  const hosts = addresses.map((address) => ({
    ...(network[address] ?? buildUnanswered({ covered: { tcp: [[1, 1000]], udp: [] } })),
    address,
  }));
  if (!failing || !isFirst) return { end: 'finished', snapshot: { hosts, uncovered: [] } } as const;
  const uncovered = addresses.map((address) => ({ address, reason: 'engine-error' as const }));
  return { end: 'failed', snapshot: { hosts: [], uncovered } } as const;
}

const engine: Engine = {
  name: 'connect',
  detect: async () => ({
    ...{ name: 'connect', available: true, version: '1', privileged: false, note: '' },
  }),
  run: async (request) => ({
    ...(await see(request)),
    counts: new Map(),
    command: ['connect'],
    version: '1',
  }),
};
const prober: Prober = {
  ask: async (requests) => requests.map(() => null),
  identify: async (endpoints) => endpoints.map(() => undefined),
};

beforeAll(async () => {
  test = await createTestDatabase();
  queue = await createTestQueue(test.database);
  live = await createLive(test.url, { log });
  site = await buildSite(test.database);
  const parts = { database: test.database, queue, live, log, judge, prober, closeScan };
  await startScanWorkers({
    ...parts,
    engines: [engine],
    resolveNames: async (names) => ({
      found: new Map(names.map((name) => [leadsTo, name])),
      problems: [],
    }),
  });
});
afterAll(async () => {
  await queue.stop(1_000);
  await live.close();
  await test.close();
});

async function createGroup(overrides: Parameters<typeof buildGroup>[2] = {}): Promise<string> {
  const range = { kind: 'range', text: 'x', first: '127.1.0.0', last: '127.1.1.9' };
  const targets = JSON.stringify([range]);
  const rules = { identity: 'mac', down_after: 2, service_down_after: 2 } as const;
  const group = { targets, address_count: 266, ...rules, ...overrides };
  return (await buildGroup(test.database, site.siteId, group)).id;
}

async function scan(groupId: string, next: Record<string, HostObservation>) {
  network = next;
  const { siteId, userId: startedBy } = site;
  const wish = { siteId, groupId, startedBy, trigger: 'person', scheduleId: null } as const;
  const { scanId } = await test.database.withSite(siteId, (tx) =>
    requestScan(tx, { queue, live }, { ...wish, whenRunning: 'skip' }),
  );
  const select = () =>
    test.database.system
      .selectFrom('scans')
      .selectAll()
      .where('id', '=', scanId ?? '')
      .executeTakeFirstOrThrow();
  await vi.waitUntil(async () => (await select()).finished_at !== null, {
    timeout: 15_000,
    interval: 30,
  });
  const deltas = await test.database.system
    .selectFrom('deltas')
    .selectAll()
    .where('scan_id', '=', scanId ?? '')
    .execute();
  const told = deltas.map(({ kind, address, port, before }) =>
    [kind, before && 'address' in before ? before.address : '', address, port]
      .filter(Boolean)
      .join(' '),
  );
  return { ...(await select()), told: told.sort(), deltas };
}

async function selectHost(groupId: string, address: string) {
  const { rows } = await test.database.pool.query(
    `select h.*, (select json_agg(json_build_object('port', port, 'since', coalesce(since, valid_from)) order by port)
       from service_intervals s where s.group_id = h.group_id and s.address = h.address and valid_to is null) as services
     from hosts h where group_id = $1 and address = $2`,
    [groupId, address],
  );
  return rows[0];
}

const countRows = async () => {
  const { rows } = await test.database.pool.query(
    'select (select count(*) from host_intervals)::int + (select count(*) from service_intervals)::int + (select count(*) from displaced_hosts)::int as rows',
  );
  return rows[0].rows;
};

describe.each(['first', 'second'] as const)('in two shards, of which the %s ends last', (last) => {
  it('hosts that exchange their addresses have moved, with all that is known of them', async () => {
    slow = last;
    const id = await createGroup();
    const one = host(1, [22, 80]);
    const first = await scan(id, { [A]: one, [C]: host(3, [443]) });
    expect(first).toMatchObject({ status: 'finished', first: true, told: [], shard_count: 2 });
    await test.database.pool.query(
      'update hosts set down_after = 7 where group_id = $1 and address = $2',
      [id, A],
    );
    const before = { a: await selectHost(id, A), c: await selectHost(id, C) };
    const second = await scan(id, { [A]: host(3, [443]), [C]: one });
    expect(second.told).toEqual([`host.moved ${A} ${C}`, `host.moved ${C} ${A}`]);
    expect(second).toMatchObject({ status: 'finished', delta_count: 2, identity: 'mac' });
    expect(second.deltas.map(({ rating }) => rating)).toEqual(['red', 'red']);
    const after = { a: await selectHost(id, A), c: await selectHost(id, C) };
    expect([after.a.down_after, after.c.down_after]).toEqual([null, 7]);
    expect(after.c.first_seen_at).toEqual(before.a.first_seen_at);
    expect(after.c.services).toEqual(before.a.services);
    expect(after.a.services).toEqual(before.c.services);
    const rows = await countRows();
    expect((await scan(id, { [A]: host(3, [443]), [C]: one })).told).toEqual([]);
    // NEW became UP, no more.
    expect((await countRows()) - rows).toBeLessThanOrEqual(2);
    const back = await scan(id, { [B]: one, [D]: host(3, [443]) });
    expect(back.told).toEqual([`host.moved ${A} ${D}`, `host.moved ${C} ${B}`]);
    // The same hosts moved two scans ago, wherever they went.
    expect(back.deltas.map(({ rating }) => rating)).toEqual(['green', 'green']);
  });

  it('a host that moved to the other shard is not down, and tells what changed on the way', async () => {
    slow = last;
    const id = await createGroup({ down_after: 1 });
    await scan(id, { [A]: host(1, [22, 80]), [B]: host(2) });
    const moved = await scan(id, { [B]: host(2), [C]: host(1, [22, 443]) });
    expect(moved.told).toEqual([
      `host.moved ${A} ${C}`,
      `service.closed ${C} 80`,
      `service.opened ${C} 443`,
    ]);
    expect((await selectHost(id, A)).status).toBe(1);
    expect((await scan(id, { [B]: host(2), [C]: host(1, [22, 443]) })).told).toEqual([]);
    const newcomer = await scan(id, { [A]: host(4), [B]: host(2), [C]: host(1, [22, 443]) });
    expect(newcomer.told).toEqual([`host.new ${A}`]);
  });

  it('one MAC address at several addresses is no move', async () => {
    slow = last;
    const id = await createGroup({ down_after: 1 });
    await scan(id, { [A]: host(1), [B]: host(2) });
    const both = await scan(id, { [A]: host(1), [B]: host(2), [C]: host(1) });
    expect(both.told).toEqual([`host.new ${C}`]);
    const split = await scan(id, { [B]: host(2), [C]: host(1), [D]: host(1) });
    expect(split.told).toEqual([`host.down ${A}`, `host.new ${D}`]);
  });
});

describe('a group that knows its hosts again', () => {
  it('remembers a host whose address another one has, and tells where it is or that it is down', async () => {
    const id = await createGroup();
    await scan(id, { [A]: host(1, [22, 80]), [B]: host(2) });
    const start = await selectHost(id, A);
    const taken = await scan(id, { [A]: host(3), [B]: host(2) });
    expect(taken.told).toEqual([`host.new ${A}`]);
    const found = await scan(id, { [A]: host(3), [B]: host(2), [C]: host(1, [22]) });
    expect(found.told).toEqual([`host.moved ${A} ${C}`, `service.closed ${C} 80`]);
    expect((await selectHost(id, C)).first_seen_at).toEqual(start.first_seen_at);
    expect((await scan(id, { [A]: host(4), [B]: host(2), [C]: host(1) })).told).toEqual([
      `host.new ${A}`,
    ]);
    const down = await scan(id, { [A]: host(4), [B]: host(2), [C]: host(1) });
    expect(down.told).toEqual([`host.down ${A}`]);
    expect(down.deltas[0]).toMatchObject({ evidence: { reason: 'address-taken' } });
    const rows = await countRows();
    expect((await scan(id, { [A]: host(4), [B]: host(2), [C]: host(1) })).told).toEqual([]);
    expect((await countRows()) - rows).toBeLessThanOrEqual(1);
    const back = await scan(id, { [A]: host(4), [B]: host(2), [C]: host(1), [D]: host(3) });
    expect(back.told).toEqual([`host.moved ${A} ${D}`, `host.returned ${D}`]);
  });

  it('concludes nothing about the addresses of a shard that failed', async () => {
    const id = await createGroup({ down_after: 1 });
    await scan(id, { [A]: host(1), [C]: host(3) });
    failing = true;
    const partial = await scan(id, { [C]: host(3), [D]: host(1) });
    failing = false;
    expect(partial).toMatchObject({ status: 'partial', told: [`host.new ${D}`] });
  });

  it('by name follows a host name target to its new address', async () => {
    const targets = JSON.stringify([{ kind: 'name', text: 'here.test' }]);
    const id = await createGroup({ identity: 'name', targets });
    const there = (ports: number[]) => ({ ...host(1, ports), names: [] });
    leadsTo = A;
    await scan(id, { [A]: there([22]) });
    leadsTo = B;
    const moved = await scan(id, { [B]: there([22, 80]) });
    expect(moved.told).toEqual([`host.moved ${A} ${B}`, `service.opened ${B} 80`]);
    expect(await selectHost(id, A)).toMatchObject({ status: 1, services: null });
    leadsTo = A;
  });

  it('by address is told of other hosts as of changed ones', async () => {
    const id = await createGroup({ identity: 'address', down_after: 1 });
    await scan(id, { [A]: host(1, [22]), [B]: host(2) });
    const other = await scan(id, { [B]: host(2), [C]: host(1, [22]) });
    expect(other.told).toEqual([`host.down ${A}`, `host.new ${C}`]);
  });
});
