import type { InjectOptions } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSmtpServer, type TestSmtpServer } from '../../channels/mail/start-smtp-server.ts';
import type { JobData } from '../../queue/queue.ts';
import { buildSetupRequest } from '../testing/build-setup-request.ts';
import { createAccountSuite, JOINER_PASSWORD } from '../testing/create-account-suite.ts';
import { AT_PLACE, type AttemptLimit, BY_ADDRESS, BY_STRANGERS, subjectOf } from './limits.ts';
import { countAttempt } from './queries.ts';
import { sendLockNotice } from './send-lock-notice.ts';

const suite = createAccountSuite();
const SESSION = '/example/api/v1/session';
const { password, ...ada } = buildSetupRequest();
const email = ada.email.toLowerCase();
const HOME = '192.0.2.1';

let smtp: TestSmtpServer;
beforeAll(async () => {
  smtp = await startSmtpServer();
});
afterAll(() => smtp.close());

type App = Awaited<ReturnType<typeof suite.startServer>>['app'];

interface Try {
  readonly from: string;
  readonly who?: string;
  readonly what?: string;
  /** Of the browser. */
  readonly cookie?: string;
  readonly url?: string;
}

function attempt(app: App, { from, who = email, what = 'wrong', cookie, url = SESSION }: Try) {
  const request: InjectOptions = {
    ...{ method: 'POST', url, remoteAddress: from, payload: { email: who, password: what } },
    ...(cookie && { headers: { cookie } }),
  };
  return app.inject(request);
}

async function attemptMany(many: number, app: App, one: Try): Promise<number[]> {
  const statuses: number[] = [];
  for (let count = 0; count < many; count += 1) statuses.push((await attempt(app, one)).statusCode);
  return statuses;
}

/** What a login sets, so that the browser is known. */
async function logIn(app: App, from: string): Promise<string> {
  const reply = await attempt(app, { from, what: password });
  expect(reply.statusCode).toBe(200);
  const browser = reply.cookies.find(({ name }) => name === 'netdelta.browser');
  expect(browser).toMatchObject({ path: '/', httpOnly: true, sameSite: 'Lax' });
  return `${browser?.name}=${browser?.value}`;
}

/** As if so many attempts had been made before: each costs a hash. */
async function spend(many: number, limit: AttemptLimit, ...parts: string[]) {
  for (let count = 0; count < many; count += 1)
    await countAttempt(suite.database.system, subjectOf(limit, ...parts), limit);
}

/** All but two of those that are free at one address. */
const spendAt = (network: string, who = email) =>
  spend(AT_PLACE.most - 2, AT_PLACE, who, 'network', network);

describe('who guesses a password', () => {
  test('has ten attempts in all processes, sites and at the front door together', async () => {
    const { app } = await suite.startSetUpServer();
    const { app: second } = await suite.startServer();
    const there = { from: HOME };
    await spendAt(HOME);
    expect((await attempt(app, there)).statusCode).toBe(401);
    expect((await attempt(second, { ...there, url: '/api/v1/session' })).statusCode).toBe(401);
    for (const server of [app, second]) {
      const refused = await attempt(server, { ...there, what: password });
      expect([refused.statusCode, refused.json().message]).toEqual([
        429,
        'Too many attempts to log in. Try again in 1 min.',
      ]);
    }
  });

  test('locks out neither who comes from elsewhere, nor a known browser at the same address', async () => {
    const { app } = await suite.startSetUpServer();
    const cookie = await logIn(app, HOME);
    await spendAt(HOME);
    expect(await attemptMany(3, app, { from: HOME })).toEqual([401, 401, 429]);
    expect((await attempt(app, { from: HOME, what: password, cookie })).statusCode).toBe(200);
    expect((await attempt(app, { from: '192.0.2.2', what: password })).statusCode).toBe(200);
    const forged = `netdelta.browser=${'A'.repeat(43)}`;
    const refused = await attempt(app, { from: HOME, what: password, cookie: forged });
    expect(refused.statusCode).toBe(429);
  });

  test('from everywhere locks the account for strangers, not where its person has been before', async () => {
    const { app } = await suite.startSetUpServer();
    const cookie = await logIn(app, HOME);
    await spend(BY_STRANGERS.most, BY_STRANGERS, email);
    const status = async (one: Omit<Try, 'what'>) =>
      (await attempt(app, { ...one, what: password })).statusCode;
    expect(await status({ from: '198.51.100.9' })).toBe(429);
    expect(await status({ from: '198.51.100.9', cookie })).toBe(200);
    expect(await status({ from: HOME })).toBe(200);
    expect(await status({ from: '198.51.100.10' })).toBe(429);
  });

  test('in a known browser has ten attempts there, too', async () => {
    const { app } = await suite.startSetUpServer();
    const cookie = await logIn(app, HOME);
    await spend(AT_PLACE.most - 2, AT_PLACE, email, 'browser', cookie.split('=')[1] ?? '');
    const statuses = await attemptMany(3, app, { from: HOME, cookie });
    expect(statuses).toEqual([401, 401, 429]);
    expect((await attempt(app, { from: HOME, what: password })).statusCode).toBe(200);
  });

  test('from one address at one account after the other is stopped, too', async () => {
    const { app } = await suite.startSetUpServer();
    await spend(BY_ADDRESS.most - 2, BY_ADDRESS, HOME);
    const statuses: number[] = [];
    for (const who of ['a', 'b', 'c'])
      statuses.push((await attempt(app, { from: HOME, who: `${who}@x.example` })).statusCode);
    expect(statuses).toEqual([401, 401, 429]);
  });

  test('of one IPv6 network is one, whatever address of it', async () => {
    const { app } = await suite.startSetUpServer();
    const statuses: number[] = [];
    await spendAt('2001:db8:0:0');
    for (let host = 1; host < 4; host += 1)
      statuses.push((await attempt(app, { from: `2001:db8::${host}:1` })).statusCode);
    expect(statuses).toEqual([401, 401, 429]);
    expect((await attempt(app, { from: '2001:db8:0:1::1' })).statusCode).toBe(401);
  });

  test('learns nothing of who has an account: the same answers, and the same jobs', async () => {
    const { app, parts } = await suite.startSetUpServer();
    const seen = async (who: string, from: string) => {
      const replies: unknown[] = [];
      await spendAt(from, who);
      for (let count = 0; count < 4; count += 1) {
        const reply = await attempt(app, { from, who });
        replies.push([reply.statusCode, reply.body]);
      }
      const told = parts.jobs.filter(({ name }) => name === 'login-locked.send').length;
      return { replies, told };
    };
    const known = await seen(email, HOME);
    const unknown = await seen('nobody@example.org', '192.0.2.2');
    expect(unknown.replies).toEqual(known.replies);
    expect([known.told, unknown.told]).toEqual([1, 2]);
  });
});

test('who only has the same address, by the provider of another site, changes nothing of an account', async () => {
  const { app, join } = await suite.startSetUpServer();
  const eve = await join('eve@example.org', 'viewer');
  // As single sign-on knows people: their address proves nothing elsewhere.
  await suite.database.pool.query(
    `update users set email = $1, home_site = (select id from sites) where id = $2`,
    [email, eve.id],
  );
  await spend(AT_PLACE.most - 2, AT_PLACE, email, 'network', '127.0.0.1');
  const change = { oldPassword: JOINER_PASSWORD, password: 'seven purple elephants' };
  expect((await eve.ask('PUT', '/example/api/v1/account/password', change)).statusCode).toBe(204);
  const { rows } = await suite.database.pool.query(
    'select user_id from known_places where user_id = $1',
    [eve.id],
  );
  expect(rows).toEqual([]);
  expect(await attemptMany(3, app, { from: '127.0.0.1' })).toEqual([401, 401, 429]);
});

describe('a lockout', () => {
  const send = (parts: Parameters<typeof sendLockNotice>[0], data: JobData['login-locked.send']) =>
    sendLockNotice(parts, data, { signal: new AbortController().signal, retries: 0 });
  const selectLockouts = () =>
    suite.database.system
      .selectFrom('audit_entries')
      .select(['actor', 'address'])
      .where('action', '=', 'login.locked')
      .where('site_id', 'in', (query) => query.selectFrom('sites').select('id'))
      .orderBy('number', 'desc')
      .execute();
  const lockout = (overrides: Partial<JobData['login-locked.send']> = {}) => ({
    ...{
      siteId: null,
      account: email,
      at: '2026-03-01T12:00:00.000Z',
      address: HOME,
      userAgent: 'curl',
    },
    ...overrides,
  });

  test('is told once, in the audit log and by mail, however long it goes on', async () => {
    const { app, parts } = await suite.startSetUpServer({
      smtpUrl: `smtp://127.0.0.1:${smtp.port}`,
    });
    await spendAt(HOME);
    await attemptMany(5, app, { from: HOME });
    const jobs = parts.jobs.filter(({ name }) => name === 'login-locked.send');
    expect(jobs).toHaveLength(1);
    const data = jobs[0]?.data as JobData['login-locked.send'];
    await send(parts, data);
    await send(parts, { ...data, address: '192.0.2.9' });
    expect(smtp.taken).toMatchObject([{ to: [email] }]);
    expect(smtp.taken[0]?.message).toContain(HOME);
    expect(await selectLockouts()).toMatchObject([
      { actor: { kind: 'nobody', name: email }, address: '192.0.2.9' },
      { actor: { kind: 'nobody', name: email }, address: HOME },
    ]);
  });

  test('of an address without account is seen by the site, and mailed to nobody', async () => {
    const { parts } = await suite.startSetUpServer({
      smtpUrl: `smtp://127.0.0.1:${smtp.port}`,
    });
    const before = smtp.taken.length;
    const { rows } = await suite.database.pool.query('select id from sites');
    await send(parts, lockout({ siteId: rows[0].id, account: 'nobody@example.org' }));
    await send(parts, lockout({ account: 'nobody@example.org' }));
    expect(smtp.taken).toHaveLength(before);
    expect(await selectLockouts()).toMatchObject([{ actor: { name: 'nobody@example.org' } }]);
  });
});

test('keys that open nothing are stopped after sixty, the right one never', async () => {
  const { app, ask } = await suite.startSetUpServer();
  const key = { name: 'CI', scopes: ['read'], expiresAt: null };
  const { token } = (await ask('POST', '/example/api/v1/api-keys', key)).json();
  const use = (bearer: string) =>
    app
      .inject({ url: '/example/api/v1/members', headers: { authorization: `Bearer ${bearer}` } })
      .then(({ statusCode }) => statusCode);
  const statuses = await Promise.all(Array.from({ length: 70 }, (_, guess) => use(`ndk_${guess}`)));
  expect(statuses.filter((status) => status === 401)).toHaveLength(60);
  expect(statuses.filter((status) => status === 429)).toHaveLength(10);
  expect(await use(token)).toBe(200);
});

test('links that open nothing are stopped after sixty', async () => {
  const { app } = await suite.startSetUpServer();
  const look = (token: string) =>
    app
      .inject({ method: 'POST', url: '/example/api/v1/invitation/look', payload: { token } })
      .then(({ statusCode }) => statusCode);
  const statuses: number[] = [];
  for (let guess = 0; guess < 62; guess += 1) statuses.push(await look(`${guess}`.padEnd(43, 'x')));
  expect(statuses).toEqual([...Array(60).fill(410), 429, 429]);
});
