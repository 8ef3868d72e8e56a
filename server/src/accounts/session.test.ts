import { frontDoorView, sessionView } from '@netdelta/core/api/accounts.ts';
import { hashPassword as hashByScrypt } from 'better-auth/crypto';
import { describe, expect, test, vi } from 'vitest';
import { buildKeys } from '../secrets/testing/build-keys.ts';
import { hashPassword } from './password-hash.ts';
import { insertSite, insertUser } from './queries.ts';
import { buildSetupRequest } from './testing/build-setup-request.ts';
import { createBrowser } from './testing/create-account-server.ts';
import { createAccountSuite } from './testing/create-account-suite.ts';

const WRONG_LOGIN = 'This e-mail and password do not open this site. Check both.';
const { email, password } = buildSetupRequest();

const suite = createAccountSuite();
const { startServer, startSetUpServer } = suite;

describe('login and logout', () => {
  test('log in, be known after a restart, log out', async () => {
    const { ask, jar } = await startSetUpServer();
    jar.clear();
    expect((await ask('GET', '/example/api/v1/session')).statusCode).toBe(401);
    const reply = await ask('POST', '/example/api/v1/session', { email, password });
    expect(sessionView.parse(reply.json()).user.email).toBe('ada@example.org');

    const restarted = await startServer();
    const cookie = [...jar.values()][0]?.pair ?? '';
    const asOwner = (path: string) =>
      restarted.app.inject({ url: path, headers: { cookie } }).then((answer) => answer.statusCode);
    expect(await asOwner('/example/api/v1/session')).toBe(200);

    expect((await ask('DELETE', '/example/api/v1/session')).statusCode).toBe(204);
    expect([...jar.keys()]).toEqual(['netdelta.browser /']);
    expect(await asOwner('/example/api/v1/session')).toBe(401);
  });

  test('another secret, a forged and an ended session let nobody in', async () => {
    const { app, jar } = await startSetUpServer();
    const cookie = [...jar.values()][0]?.pair ?? '';
    const status = async (server: typeof app, header: string) => {
      const request = { url: '/example/api/v1/session', headers: { cookie: header } };
      return (await server.inject(request)).statusCode;
    };
    const other = await startServer({ secrets: buildKeys('b'.repeat(40)) });
    expect(await status(other.app, cookie)).toBe(401);
    expect(await status(app, cookie.replace(/=./, '=!'))).toBe(401);
    expect(await status(app, cookie)).toBe(200);
    await suite.database.pool.query(
      `update sessions set "expiresAt" = now() - interval '1 second'`,
    );
    expect(await status(app, cookie)).toBe(401);
  });

  test('a session outlives an exchange of keys, as long as the earlier one is given', async () => {
    const [before, now] = ['a'.repeat(40), 'b'.repeat(40)];
    const { jar } = await startSetUpServer({ secrets: buildKeys(before) });
    const cookie = [...jar.values()][0]?.pair ?? '';
    const ask = async (secrets: ReturnType<typeof buildKeys>, method: 'GET' | 'DELETE' = 'GET') => {
      const { app } = await startServer({ secrets });
      const headers = { cookie, 'sec-fetch-site': 'same-origin' };
      const request = { method, url: '/example/api/v1/session', headers };
      return (await app.inject(request)).statusCode;
    };
    expect(await ask(buildKeys(now))).toBe(401);
    expect(await ask(buildKeys(now, before))).toBe(200);
    expect(await ask(buildKeys(now, before), 'DELETE')).toBe(204);
    expect(await ask(buildKeys(before))).toBe(401);
  });

  test.each([
    ['a wrong password', { email, password: 'wrong horse battery' }],
    ['an unknown e-mail', { email: 'eve@example.org', password }],
  ])('%s is refused with the same words', async (_what, body) => {
    const { ask, jar } = await startSetUpServer();
    jar.clear();
    const reply = await ask('POST', '/example/api/v1/session', body);
    expect([reply.statusCode, reply.json().message]).toEqual([401, WRONG_LOGIN]);
    expect(jar.size).toBe(0);
  });

  test('the eleventh attempt for one e-mail has to wait, others need not', async () => {
    const { ask, jar } = await startSetUpServer();
    jar.clear();
    const attempt = async (who: string) => {
      const body = { email: who, password: 'wrong horse battery' };
      return (await ask('POST', '/example/api/v1/session', body)).statusCode;
    };
    const statuses: number[] = [];
    for (let count = 0; count < 11; count += 1) statuses.push(await attempt(email));
    expect(statuses).toEqual([...Array<number>(10).fill(401), 429]);
    expect(await attempt(email.toUpperCase())).toBe(429);
    const atDoor = { email, password: 'wrong horse battery' };
    expect((await ask('POST', '/api/v1/session', atDoor)).statusCode).toBe(429);
    expect(await attempt('eve@example.org')).toBe(401);
  });

  test.each([
    [null, '/example/', false],
    ['https://a.example/net/', '/net/example/', true],
  ])('the cookie below %s', async (url, path, secure) => {
    const { app } = await startSetUpServer({ publicUrl: url === null ? null : new URL(url) });
    const { ask } = createBrowser(app);
    const { cookies } = await ask('POST', '/example/api/v1/session', { email, password });
    expect(cookies.map((cookie) => cookie.path)).toEqual([
      path,
      path.replace('example/', 'api/v1/'),
      // By which the browser is known again.
      path.replace('example/', ''),
    ]);
    for (const cookie of cookies)
      expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax', ...(secure && { secure }) });
    expect(cookies.some((cookie) => cookie.secure === true)).toBe(secure);
  });
});

test('a password that better-auth had hashed is hashed anew at its next login', async () => {
  const { ask } = await startSetUpServer();
  const { pool } = suite.database;
  await pool.query('update accounts set password = $1', [await hashByScrypt(password)]);
  const login = () => ask('POST', '/example/api/v1/session', { email, password });
  expect((await login()).statusCode).toBe(200);
  const { rows } = await pool.query<{ password: string }>('select password from accounts');
  expect(rows[0]?.password).toMatch(/^\$argon2id\$/);
  expect((await login()).statusCode).toBe(200);
});

test('a login does not bring back the password that was replaced meanwhile', async () => {
  const { ask } = await startSetUpServer();
  const { pool, system } = suite.database;
  await pool.query('update accounts set password = $1', [await hashByScrypt(password)]);
  const logins: Promise<unknown>[] = [];
  await system.transaction().execute(async (tx) => {
    await tx.updateTable('accounts').set({ password: 'another' }).execute();
    logins.push(ask('POST', '/example/api/v1/session', { email, password }));
    const waits = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    await vi.waitFor(async () => expect((await pool.query(waits)).rowCount).toBe(1), 5_000);
  });
  await Promise.all(logins);
  expect((await pool.query('select password from accounts')).rows).toEqual([
    { password: 'another' },
  ]);
});

test.each([
  ['password is replaced', `update accounts set password = 'another'`],
  ['second factor is confirmed', `update users set "twoFactorEnabled" = true`],
])('a login that is under way while the %s opens nothing', async (_what, change) => {
  const { app } = await startSetUpServer();
  const { pool } = suite.database;
  const client = await pool.connect();
  const visitor = createBrowser(app);
  await client.query('begin');
  await client.query(change);
  await client.query('delete from sessions');
  const login = visitor.ask('POST', '/example/api/v1/session', { email, password });
  const waits = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  await vi.waitFor(async () => expect((await pool.query(waits)).rowCount).toBe(1), 5_000);
  await client.query('commit');
  client.release();
  expect((await login).statusCode).toBe(401);
  expect((await pool.query('select from sessions')).rowCount).toBe(0);
});

describe('several sites', () => {
  test('a member of one site cannot enter another, nor log in there', async () => {
    const { app, ask, jar } = await startSetUpServer();
    const passwordHash = await hashPassword(password);
    await suite.database.system.transaction().execute(async (tx) => {
      await insertUser(tx, {
        id: 'eve',
        name: 'Eve',
        email: 'eve@example.org',
        passwordHash,
        platformAdmin: false,
      });
      await insertSite(tx, { slug: 'other', name: 'Other', timeZone: 'UTC' }, 'eve');
    });
    const cookie = [...jar.values()][0]?.pair ?? '';
    const inOther = await app.inject({ url: '/other/api/v1/session', headers: { cookie } });
    expect(inOther.statusCode).toBe(404);
    const login = await ask('POST', '/other/api/v1/session', { email, password });
    expect([login.statusCode, login.json().message]).toEqual([401, WRONG_LOGIN]);
    const { rows } = await suite.database.pool.query('select 1 from sessions');
    expect(rows).toHaveLength(1);
    const eve = { email: 'eve@example.org', password };
    expect((await ask('POST', '/other/api/v1/session', eve)).statusCode).toBe(200);
  });

  test('the front door shows who is logged in their sites, others no list', async () => {
    const { app, ask } = await startSetUpServer();
    const sites = async () => frontDoorView.parse((await ask('GET', '/api/v1/sites')).json()).sites;
    const stranger = createBrowser(app);
    const only = [{ slug: 'example', name: 'Example', own: null }];
    expect((await stranger.ask('GET', '/api/v1/sites')).json().sites).toEqual(only);
    const { rows } = await suite.database.pool.query<{ id: string }>('select id from users');
    const ownerId = rows[0]?.id ?? '';
    const second = { slug: 'a-second', name: 'A second', timeZone: 'UTC' };
    await suite.database.system.transaction().execute((tx) => insertSite(tx, second, ownerId));
    expect((await sites()).map(({ slug }) => slug)).toEqual(['a-second', 'example']);
    expect((await stranger.ask('GET', '/api/v1/sites')).json().sites).toEqual([]);
  });
});
