import { frontDoorView, sessionView } from '@netdelta/core/api/accounts.ts';
import { BUILT_IN_PROFILES } from '@netdelta/core/profile/built-in.ts';
import { describe, expect, test } from 'vitest';
import { createFirstAdmin } from './first-admin.ts';
import { createSetupLink } from './setup.ts';
import { buildSetupRequest } from './testing/build-setup-request.ts';
import { createAccountSuite } from './testing/create-account-suite.ts';

const SERVER_URL = new URL('http://127.0.0.1:9004/');
const { email, password } = buildSetupRequest();

const suite = createAccountSuite();
const { startServer } = suite;

async function createToken(): Promise<string> {
  const link = await createSetupLink(suite.database, SERVER_URL);
  return link?.searchParams.get('token') ?? '';
}

const countRows = (table: 'users' | 'sites' | 'members' | 'profiles' | 'setup_links') =>
  suite.database.pool
    .query<{ count: number }>(`select count(*)::int as count from ${table}`)
    .then(({ rows }) => rows[0]?.count);

describe('set-up', () => {
  test('makes the site, its owner and profiles, logs in, and works once', async () => {
    const { ask } = await startServer();
    const before = frontDoorView.parse((await ask('GET', '/api/v1/sites')).json());
    expect(before).toEqual({ needsSetup: true, visitor: null, sites: [] });
    const setup = buildSetupRequest({ token: await createToken() });

    const reply = await ask('POST', '/api/v1/setup', setup);
    expect([reply.statusCode, reply.json()]).toEqual([201, { slug: 'example' }]);
    const session = sessionView.parse((await ask('GET', '/example/api/v1/session')).json());
    expect(session).toMatchObject({
      user: { name: 'Ada Lovelace', email: 'ada@example.org' },
      role: 'owner',
      site: { slug: 'example', name: 'Example', timeZone: 'Europe/Berlin' },
    });
    expect(await countRows('profiles')).toBe(BUILT_IN_PROFILES.length);

    const again = await ask('POST', '/api/v1/setup', { ...setup, siteSlug: 'second' });
    expect([again.statusCode, again.json().code]).toEqual([403, 'setup-link-ended']);
    expect(await countRows('sites')).toBe(1);
    expect(await createSetupLink(suite.database, SERVER_URL)).toBeNull();
  });

  test('two at one moment make one site', async () => {
    const { ask } = await startServer();
    const token = await createToken();
    const setups = ['one', 'two'].map((siteSlug) =>
      ask('POST', '/api/v1/setup', buildSetupRequest({ token, siteSlug })),
    );
    const statuses = (await Promise.all(setups)).map(({ statusCode }) => statusCode);
    expect(statuses.sort()).toEqual([201, 403]);
    expect([await countRows('sites'), await countRows('users')]).toEqual([1, 1]);
  });

  test('a new start replaces the link, and only its hash is stored', async () => {
    const { ask } = await startServer();
    const [first, second] = [await createToken(), await createToken()];
    const old = await ask('POST', '/api/v1/setup', buildSetupRequest({ token: first }));
    expect(old.statusCode).toBe(403);
    const { rows } = await suite.database.pool.query('select token_hash from setup_links');
    expect(rows).toHaveLength(1);
    expect(rows[0].token_hash).toHaveLength(32);
    const reply = await ask('POST', '/api/v1/setup', buildSetupRequest({ token: second }));
    expect(reply.statusCode).toBe(201);
  });

  test('lists every problem, stores nothing, and leaves the link valid', async () => {
    const { ask } = await startServer();
    const token = await createToken();
    const bad = { token, siteSlug: 'api', email: 'ada', password: 'short', name: ' ' };
    const reply = await ask('POST', '/api/v1/setup', buildSetupRequest(bad));
    expect(reply.statusCode).toBe(400);
    const paths = reply.json().problems.map(({ path }: { path: string }) => path);
    expect(paths.sort()).toEqual(['email', 'name', 'password', 'siteSlug']);
    const nowhere = buildSetupRequest({ token, timeZone: 'Mars/Olympus' });
    const zone = await ask('POST', '/api/v1/setup', nowhere);
    expect([zone.statusCode, zone.json().problems[0].path]).toEqual([400, 'timeZone']);
    expect(await countRows('users')).toBe(0);
    expect((await ask('POST', '/api/v1/setup', buildSetupRequest({ token }))).statusCode).toBe(201);
  });

  test('a failure in the middle leaves nothing half-done', async () => {
    const { ask } = await startServer();
    const token = await createToken();
    await suite.database.pool.query(
      'alter table profiles add constraint no_quick check ($$Quick$$ <> name)',
    );
    suite.afterTest(() =>
      suite.database.pool.query('alter table profiles drop constraint no_quick'),
    );
    const reply = await ask('POST', '/api/v1/setup', buildSetupRequest({ token }));
    expect([reply.statusCode, reply.json().code]).toEqual([500, 'unexpected']);
    for (const table of ['users', 'sites', 'members'] as const)
      expect(await countRows(table)).toBe(0);
    expect(await countRows('setup_links')).toBe(1);
  });

  test.each([
    ['http://127.0.0.1:9004/', '/setup'],
    ['https://a.example/net', '/net/setup'],
    ['https://a.example/net/', '/net/setup'],
  ])('the link below %s', async (serverUrl, path) => {
    const link = await createSetupLink(suite.database, new URL(serverUrl));
    expect(link?.pathname).toBe(path);
    expect(link?.searchParams.get('token')).toHaveLength(43);
  });
});

describe('first administrator from the environment', () => {
  const start = async (admin: { email?: string; password?: string }) => {
    const { ask } = await startServer();
    const parts = { email: undefined, password: undefined, ...admin };
    const outcome = await createFirstAdmin({
      database: suite.database,
      timeZone: 'UTC',
      ...parts,
    });
    return { outcome, ask };
  };

  test('makes the site main, once, and ends the set-up link', async () => {
    const token = await createToken();
    const { outcome, ask } = await start({ email, password });
    expect(outcome).toEqual({ kind: 'created', siteSlug: 'main' });
    const login = await ask('POST', '/main/api/v1/session', { email, password });
    expect(sessionView.parse(login.json()).site.name).toBe('Main');
    const setup = await ask('POST', '/api/v1/setup', buildSetupRequest({ token }));
    expect(setup.statusCode).toBe(403);
    const again = await start({ email: 'eve@example.org', password: 'short' });
    expect(again.outcome).toEqual({ kind: 'ignored' });
  });

  test.each([
    [{}, { kind: 'ignored' }],
    [{ email }, { kind: 'invalid', problems: ['NETDELTA_ADMIN_PASSWORD is missing'] }],
    [{ password }, { kind: 'invalid', problems: ['NETDELTA_ADMIN_EMAIL is missing'] }],
    [
      { email: 'ada', password: 'short' },
      {
        kind: 'invalid',
        problems: [
          'NETDELTA_ADMIN_EMAIL: Invalid email address',
          'NETDELTA_ADMIN_PASSWORD: use at least 12 characters',
        ],
      },
    ],
  ])('%o', async (admin, expected) => {
    const { outcome } = await start(admin);
    expect(outcome).toEqual(expected);
    expect(await countRows('users')).toBe(0);
  });
});
