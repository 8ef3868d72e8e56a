import type { InjectOptions } from 'fastify';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createLive, type Live } from '../db/live.ts';
import { buildGroup, buildProfile } from '../db/testing/build-site.ts';
import { selectOwner } from '../isolation/testing/site-queries.ts';
import { beginWaiting } from '../scans/begin-waiting.ts';
import { cancelScan, requestScan } from '../scans/scan-lifecycle.ts';
import { createWholeServer, type WholeServer } from '../testing/create-whole-server.ts';
import { selectScanStates } from './testing/queries.ts';

let server: WholeServer;
let live: Live;
let site: { siteId: string; userId: string };
let profileId: string;

beforeAll(async () => {
  server = await createWholeServer();
  live = await createLive(server.url, { log: pino({ level: 'silent' }) });
  site = await selectOwner(server.database, 'main');
  profileId = (await buildProfile(server.database, site.siteId)).id;
});
afterAll(async () => {
  await live.close();
  await server.close();
});

const ask = (cookie: string, method: string, url: string, payload?: object) =>
  server.app.inject({
    ...{ method: method as 'GET', url, headers: { cookie, 'sec-fetch-site': 'same-origin' } },
    ...(payload && { payload }),
  } satisfies InjectOptions);
const call = (method: string, path: string, payload?: object) =>
  ask(server.cookieOf('owner'), method, `/main/api/v1/${path}`, payload);
const GRANTED = { targetLimit: 1_000, groupLimit: 3, runningScanLimit: null, importLimit: 2 };
const grant = (more: Partial<typeof GRANTED> | { runningScanLimit: number } = {}) =>
  ask(server.platformCookie, 'PUT', '/api/v1/platform/sites/main/quotas', { ...GRANTED, ...more });
const save = (name: string, targets: string, id?: string) =>
  call(id ? 'PUT' : 'POST', `groups${id ? `/${id}` : ''}`, { name, targets, profileId });
const messagesOf = async (reply: ReturnType<typeof save>) =>
  ((await reply).json().problems as { path: string; message: string }[]).map(
    ({ path, message }) => `${path} ${message}`,
  );

describe('the quotas of a site', () => {
  it('are granted by the platform alone, and written down in both logs', async () => {
    expect((await grant()).statusCode).toBe(200);
    expect((await grant({ groupLimit: 0 })).statusCode).toBe(400);
    const [entry] = (await call('GET', 'audit?action=quotas.edited')).json().items;
    expect([entry.actor.kind, entry.after.groupLimit]).toEqual(['person', 3]);
    const url = '/api/v1/platform/audit?action=quotas.edited';
    expect((await ask(server.platformCookie, 'GET', url)).json().items).toHaveLength(1);
    expect((await call('GET', 'quotas')).json()).toEqual({
      quotas: GRANTED,
      used: { targets: 0, groups: 0, runningScans: 0 },
    });
  });

  it('hold for all groups together; what becomes no larger is always taken', async () => {
    const { id } = (await save('first', '127.0.1.0-127.0.3.255')).json();
    expect(await messagesOf(save('second', '127.0.4.0/24'))).toEqual([
      expect.stringContaining('targets make 256 hosts, and of the 1,000 that this site'),
    ]);
    expect((await save('second', '127.0.4.0/25')).statusCode).toBe(201);
    expect(await messagesOf(save('first', '127.0.1.0-127.0.4.255', id))).toHaveLength(1);
    await grant({ targetLimit: 500 });
    expect((await save('first', '127.0.1.0-127.0.2.127', id)).statusCode).toBe(200);
  });

  it('hold for the number of groups, also when two are made at once', async () => {
    await grant();
    const replies = await Promise.all(['a', 'b', 'c'].map((name) => save(name, '127.0.9.1')));
    expect(replies.map(({ statusCode }) => statusCode).sort()).toEqual([201, 400, 400]);
    const refused = replies.find(({ statusCode }) => statusCode === 400)?.json();
    expect(refused.problems[0].message).toContain('this site may have 3');
    expect((await call('GET', 'quotas')).json().used.groups).toBe(3);
  });
});

describe('scans beyond their quota', () => {
  const parts = () => ({ ...server.parts, live, closeScan: async () => undefined });
  const start = async () => {
    const { id } = await buildGroup(server.database, site.siteId);
    const wish = { siteId: site.siteId, groupId: id, startedBy: null, scheduleId: null } as const;
    const outcome = await server.database.withSite(site.siteId, (tx) =>
      requestScan(tx, parts(), { ...wish, trigger: 'person', whenRunning: 'wait' }),
    );
    return { outcome: outcome.outcome, id: outcome.scanId ?? '' };
  };
  const states = () => selectScanStates(server.database, site.siteId);
  const cancel = (id: string) =>
    server.database.withSite(site.siteId, (tx) => cancelScan(tx, parts(), id));
  const begin = () => beginWaiting({ ...parts(), database: server.database }, site.siteId);

  beforeEach(async () => {
    for (const id of Object.keys(await states())) await cancel(id);
  });

  it('wait, and begin in their order when there is room', async () => {
    await grant({ runningScanLimit: 2 });
    const [one, two, three, four] = [await start(), await start(), await start(), await start()];
    expect([one, two, three, four].map(({ outcome }) => outcome)).toEqual([
      ...['started', 'started', 'waiting', 'waiting'],
    ]);
    await begin();
    expect((await states())[three.id]).toBe('waiting');
    await cancel(one.id);
    await Promise.all([begin(), begin()]);
    expect(await states()).toEqual({
      [two.id]: 'running',
      [three.id]: 'running',
      [four.id]: 'waiting',
    });
    await grant();
    await begin();
    expect((await states())[four.id]).toBe('running');
  });

  it('are no more than that, however many are wished at once', async () => {
    await grant({ runningScanLimit: 2 });
    const outcomes = await Promise.all(Array.from({ length: 6 }, start));
    expect(outcomes.filter(({ outcome }) => outcome === 'started')).toHaveLength(2);
  });
});
