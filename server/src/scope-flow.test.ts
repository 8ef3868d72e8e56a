import type { AuditView } from '@netdelta/core/api/audit.ts';
import type { ScanDetail, ScanView } from '@netdelta/core/api/scans.ts';
import { buildUnanswered } from '@netdelta/core/host/build-observation.ts';
import type { InjectOptions } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { buildGroup, buildProfile } from './db/testing/build-site.ts';
import type { Engine, EngineRequest } from './engines/engine.ts';
import { startWorkers } from './features.ts';
import { selectOwner } from './isolation/testing/site-queries.ts';
import { createWholeServer, type WholeServer } from './testing/create-whole-server.ts';
import { insertDueSchedule, selectScheduleOutcome } from './testing/queries.ts';

const ability = {
  name: 'connect',
  available: true,
  version: '1',
  privileged: false,
  note: '',
} as const;

let server: WholeServer;
let siteId: string;
let profileId: string;
/** Every run of the engine: its first address, and the signal that ends it. */
let runs: { first: string; signal: AbortSignal }[] = [];
let answer: (request: EngineRequest) => Promise<void> = async () => undefined;

/** Sees nobody, and says what it was asked. */
const engine: Engine = {
  name: 'connect',
  detect: async () => ability,
  run: async (request) => {
    const { addresses, signal } = request;
    runs.push({ first: addresses[0] ?? '', signal });
    await answer(request);
    const end = signal.aborted ? 'cancelled' : 'finished';
    const snapshot = signal.aborted
      ? {
          hosts: [],
          uncovered: addresses.map((address) => ({ address, reason: 'cancelled' as const })),
        }
      : { hosts: addresses.map((address) => buildUnanswered({ address })), uncovered: [] };
    return { end, snapshot, counts: new Map(), command: ['connect'], version: '1' };
  },
};

beforeAll(async () => {
  server = await createWholeServer();
  ({ siteId } = await selectOwner(server.database, 'main'));
  profileId = (await buildProfile(server.database, siteId)).id;
});
afterAll(() => server.close());
beforeEach(async () => {
  runs = [];
  answer = async () => undefined;
  for (const { id } of (await call('GET', 'scope')).json().entries)
    await call('DELETE', `scope/${id}`);
});

const ask = (cookie: string, method: string, url: string, payload?: object) =>
  server.app.inject({
    ...{ method: method as 'GET', url, headers: { cookie, 'sec-fetch-site': 'same-origin' } },
    ...(payload && { payload }),
  } satisfies InjectOptions);
const call = (method: string, path: string, payload?: object) =>
  ask(server.cookieOf('owner'), method, `/main/api/v1/${path}`, payload);
const asPlatform = (method: string, path: string, payload?: object) =>
  ask(server.platformCookie, method, `/api/v1/platform/sites/main/scope${path}`, payload);

const authorise = (targets: string, more: object = {}) =>
  call('POST', 'scope', { targets, authorisedBy: 'Ms Ops, contract 7', ...more });
const makeGroup = async (targets: string, more: object = {}) =>
  (await call('POST', 'groups', { name: targets, targets, profileId, ...more })).json()
    .id as string;
const scan = (groupId: string) => call('POST', 'scans', { groupId });
const lastAudit = async () =>
  ((await call('GET', 'audit?limit=1')).json().items as AuditView[])[0] as AuditView;
const readScan = async (id: string) => (await call('GET', `scans/${id}`)).json() as ScanDetail;
const finish = async (id: string) => {
  await vi.waitUntil(async () => (await readScan(id)).scan.finishedAt !== null, {
    timeout: 15_000,
    interval: 50,
  });
  return readScan(id);
};

describe('the scope of a site', () => {
  it('refuses and writes down a scan that would ask outside of it', async () => {
    const group = await makeGroup('127.0.1.0/24\n127.9.0.0/24');
    expect((await authorise('127.0.0.0/16')).statusCode).toBe(201);
    const reply = await scan(group);
    expect([reply.statusCode, reply.json().code]).toEqual([409, 'outside-scope']);
    expect(reply.json().message).toContain(
      "256 addresses outside of the site's scope: 127.9.0.0/24.",
    );
    const entry = await lastAudit();
    expect([entry.action, entry.subject.id]).toEqual(['scan.refused', group]);
    expect((await call('GET', `scans?groupId=${group}`)).json().items).toEqual([]);
    expect((await call('GET', 'scope')).json().refusedGroups).toMatchObject([{ id: group }]);
  });

  it('holds for beacons, which are asked, too', async () => {
    const group = await makeGroup('127.0.3.1', { beacons: '127.8.8.8' });
    await authorise('127.0.3.0/24');
    expect((await scan(group)).json().message).toContain('127.8.8.8');
  });

  it('lets the platform narrow what the site allows, and nobody of the site widen it', async () => {
    const laid = await asPlatform('POST', '', { targets: '127.0.4.0/30', authorisedBy: 'The law' });
    const { id } = laid.json();
    const group = await makeGroup('127.0.4.0/29');
    await authorise('127.0.0.0/8');
    expect((await scan(group)).json().message).toContain('127.0.4.4/30');
    const forged = { targets: '0.0.0.0/0', authorisedBy: 'me', laidBy: 'platform' };
    expect((await call('PUT', `scope/${id}`, forged)).statusCode).toBe(404);
    expect((await call('DELETE', `scope/${id}`)).statusCode).toBe(404);
    await authorise('0.0.0.0/0', { laidBy: 'platform' });
    expect((await scan(group)).statusCode).toBe(409);
    expect((await asPlatform('GET', '')).json().entries).toHaveLength(1);
    expect((await asPlatform('DELETE', `/${id}`)).statusCode).toBe(204);
    const { action, actor } = await lastAudit();
    expect([action, actor.kind]).toEqual(['scope.removed', 'person']);
  });

  it('lists all that is wrong with an authorisation', async () => {
    const { problems } = (await authorise('10.0.0.300 web_1', { validUntil: '2020-01-01' })).json();
    expect(problems.map(({ path }: { path: string }) => path)).toEqual([
      'targets',
      'targets',
      'validUntil',
    ]);
    expect((await authorise('10.0.0.1', { validUntil: '2026-02-30' })).statusCode).toBe(400);
  });
});

describe('a worker', () => {
  let scheduled: string;
  beforeAll(async () => {
    const { id } = await buildGroup(server.database, siteId, { name: 'nightly' });
    await authorise('192.0.2.0/24');
    scheduled = await insertDueSchedule(server.database, { siteId, groupId: id });
    await startWorkers({ ...server.parts, engines: [engine] });
    await vi.waitUntil(() => selectScheduleOutcome(server.database, scheduled), {
      timeout: 10_000,
    });
  });

  it('has refused the scan of a schedule, and written it down', async () => {
    expect(await selectScheduleOutcome(server.database, scheduled)).toContain(
      "outside of the site's scope",
    );
    const { items } = (await call('GET', 'audit?action=scan.refused&limit=1')).json();
    expect(items[0].actor).toEqual({ kind: 'program', id: scheduled, name: 'schedule' });
    expect(runs).toEqual([]);
  });

  it('does not ask where a host name leads to outside, and says so', async () => {
    const group = await makeGroup('localhost 127.0.5.1');
    await authorise('127.0.5.0/24');
    const detail = await finish((await scan(group)).json().id);
    expect(runs.map(({ first }) => first)).toEqual(['127.0.5.1']);
    expect(detail.scan.problems).toContainEqual({
      what: 'localhost',
      message: expect.stringContaining('leads to 127.0.0.1, which is outside'),
    });
  });

  it('asks where an authorised host name leads to', async () => {
    const group = await makeGroup('localhost');
    await authorise('localhost');
    await finish((await scan(group)).json().id);
    expect(runs.map(({ first }) => first)).toContain('127.0.0.1');
  });

  it('stops a scan whose scope is narrowed while it runs, and sends no further shard', async () => {
    const group = await makeGroup('127.6.0.0-127.6.5.255');
    const { id } = (await authorise('127.6.0.0/16')).json();
    answer = ({ signal, addresses }) =>
      addresses[0] === '127.6.0.0'
        ? vi.waitUntil(() => narrowed, { timeout: 15_000 }).then(() => undefined)
        : new Promise((resolve) =>
            signal.addEventListener('abort', () => resolve(), { once: true }),
          );
    let narrowed = false;
    const begun: ScanView = (await scan(group)).json();
    await vi.waitUntil(() => runs.length === 4, { timeout: 10_000 });
    await call('PUT', `scope/${id}`, { targets: '127.6.0.0/24', authorisedBy: 'Ms Ops' });
    await vi.waitUntil(() => runs.filter(({ signal }) => signal.aborted).length === 3, {
      timeout: 10_000,
    });
    narrowed = true;
    const { scan: ended, uncovered } = await finish(begun.id);
    expect(runs).toHaveLength(4);
    expect(ended.status).toBe('partial');
    expect(ended.problems.map(({ what, message }) => `${what}: ${message}`).sort()).toEqual([
      expect.stringMatching(/^2 shards: Some addresses were not asked: they are outside/),
      expect.stringMatching(/^3 shards: .* while this was asked/),
    ]);
    expect(new Set(uncovered.map(({ reason }) => reason))).toContain('cancelled');
  });
});
