import type { SignOnFinding, SignOnRequest } from '@netdelta/core/api/sign-on.ts';
import { describe, expect, test } from 'vitest';
import { runCommand } from '../../cli/testing/run-command.ts';
import { createUserCommand } from '../../cli/user.ts';
import { createOutbound } from '../../outbound/fetch-outside.ts';
import { createBrowser } from '../testing/create-account-server.ts';
import { createSignOnSuite } from './testing/create-sign-on-suite.ts';
import { CLIENT } from './testing/start-provider.ts';

const suite = createSignOnSuite();
const SIGN_ON = '/example/api/v1/sign-on';
const OWNERS = [{ group: 'nd-owners', role: 'owner' }] as const;

describe('the settings', () => {
  test('are told to whoever may change members, without the secret, and stored with it sealed', async () => {
    const { ask, join } = await suite.start();
    const { clientSecret: _, ...rule } = suite.ruleOf();
    expect((await ask('GET', SIGN_ON)).json()).toEqual({
      redirectUri: 'https://nd.example/example/api/v1/sign-on/callback',
      provider: { ...rule, hasSecret: true },
    });
    const { rows } = await suite.accounts.database.pool.query(
      `select client_secret as secret, (select string_agg(coalesce(before::text, '') || coalesce(after::text, ''), '')
      from audit_entries) as log from sign_on_providers`,
    );
    expect(rows[0].secret).not.toContain(CLIENT.secret);
    expect(rows[0].log).toContain('Keycloak');
    expect(rows[0].log).not.toContain(CLIENT.secret);
    const viewer = await join('vera@example.org', 'viewer');
    expect((await viewer.ask('GET', SIGN_ON)).statusCode).toBe(403);
    expect((await viewer.ask('GET', `${SIGN_ON}/offer`)).json()).toEqual({ label: 'Keycloak' });
  });

  test('keep the secret for the client that it belongs to, and for no other', async () => {
    const { ask } = await suite.start();
    const { clientSecret: _, ...rule } = suite.ruleOf({ label: 'Renamed' });
    expect((await ask('PUT', SIGN_ON, rule)).json().provider).toMatchObject({
      ...{ label: 'Renamed', hasSecret: true },
    });
    for (const change of [{ issuer: 'https://evil.example' }, { clientId: 'another' }]) {
      const stolen = await ask('PUT', SIGN_ON, { ...rule, ...change });
      expect([stolen.statusCode, stolen.json().problems]).toEqual([
        400,
        [{ path: 'clientSecret', message: expect.stringContaining('has to be given again') }],
      ]);
      const { issuer, clientId, scopes, groupsClaim } = { ...rule, ...change };
      const body = { issuer, clientId, scopes, groupsClaim };
      expect((await ask('POST', `${SIGN_ON}/check`, body)).statusCode).toBe(400);
    }
    const none = await ask('PUT', SIGN_ON, { ...rule, clientSecret: null });
    expect(none.json().provider.hasSecret).toBe(false);
  });

  test('are refused when wrong, each with where and why', async () => {
    const { ask } = await suite.accounts.startSetUpServer();
    for (const [path, change, words] of WRONG()) {
      const reply = await ask('PUT', SIGN_ON, suite.ruleOf(change));
      expect([reply.statusCode, reply.json().problems]).toEqual([
        400,
        [{ path, message: expect.stringContaining(words) }],
      ]);
    }
    expect((await ask('GET', SIGN_ON)).json().provider).toBeNull();
  });

  const WRONG = (): [string, Partial<SignOnRequest>, string][] => [
    ['issuer', { issuer: 'ftp://x' }, 'has to be an address such as'],
    ['issuer', { issuer: 'http://login.example.org' }, 'has to begin with https://'],
    ['issuer', { issuer: 'https://a:b@login.example.org' }, 'without user'],
    ['scopes', { scopes: 'email' }, 'have to hold "openid"'],
    ['roles', { roles: [] }, 'else nobody could come in'],
    ['roles', { roles: [OWNERS[0], OWNERS[0]] }, 'the same group twice'],
    ['admitsNew', { admitsNew: false }, 'else nobody could come in'],
    ['otherwise', { otherwise: 'owner' as never }, ''],
  ];

  test('that make owners are changed by owners alone', async () => {
    const { ask, join } = await suite.start();
    const administrator = await join('adam@example.org', 'administrator');
    const making = suite.ruleOf({ roles: [...OWNERS] });
    expect((await administrator.ask('PUT', SIGN_ON, suite.ruleOf())).statusCode).toBe(200);
    expect((await administrator.ask('PUT', SIGN_ON, making)).statusCode).toBe(403);
    expect((await ask('PUT', SIGN_ON, making)).statusCode).toBe(200);
    expect((await administrator.ask('PUT', SIGN_ON, suite.ruleOf())).statusCode).toBe(403);
    expect((await administrator.ask('DELETE', SIGN_ON)).statusCode).toBe(403);
    expect((await ask('DELETE', SIGN_ON)).statusCode).toBe(204);
  });

  test('forbid passwords only to others than who forbids them', async () => {
    const { ask, join } = await suite.start();
    const administrator = await join('adam@example.org', 'administrator');
    const rule = suite.ruleOf({ passwordAllowed: false });
    const reply = await administrator.ask('PUT', SIGN_ON, rule);
    expect([reply.statusCode, reply.json().code]).toEqual([409, 'own-sign-on-first']);
    expect((await ask('PUT', SIGN_ON, rule)).statusCode).toBe(200);
  });
});

test('a secret that no key opens is told where it is needed, and entered anew', async () => {
  const { ask, set, come } = await suite.start();
  await suite.accounts.database.pool.query(
    `update sign_on_providers set client_secret = 'nd1.000000000000.' || repeat('x', 60)`,
  );
  const who = { sub: 'eve-1', groups: ['nd-operators'] };
  expect((await come(who)).refused).toBe('misconfigured');
  const { issuer, clientId, scopes, groupsClaim } = suite.ruleOf();
  const check = await ask('POST', `${SIGN_ON}/check`, { issuer, clientId, scopes, groupsClaim });
  expect(check.json().findings).toEqual([
    { level: 'bad', message: expect.stringContaining('which this NetDelta does not have') },
  ]);
  await set({});
  expect((await come(who)).session.statusCode).toBe(200);
});

describe('testing the connection', () => {
  const startChecking = async () => {
    const { ask } = await suite.start();
    return async (overrides: Partial<SignOnRequest> = {}): Promise<SignOnFinding[]> => {
      const { issuer, clientId, clientSecret, scopes, groupsClaim } = suite.ruleOf(overrides);
      const reply = await ask('POST', `${SIGN_ON}/check`, {
        ...{ issuer, clientId, clientSecret, scopes, groupsClaim },
      });
      expect(reply.statusCode).toBe(200);
      return reply.json().findings;
    };
  };

  const FLAWS: [string, Partial<SignOnRequest>, string, string][] = [
    ['a wrong secret', { clientSecret: 'x' }, 'bad', 'does not accept this client id with this'],
    ['an unknown client', { clientId: 'x' }, 'bad', 'does not accept this client id with this'],
    [
      'an unknown scope',
      { scopes: 'openid nothing' },
      'doubtful',
      'does not list the scope nothing',
    ],
    ['an unknown claim', { groupsClaim: 'roles' }, 'doubtful', 'does not list the claim "roles"'],
  ];

  test('finds a provider, its keys and its client good, or says what is wrong', async () => {
    const check = await startChecking();
    expect(await check()).toEqual([
      { level: 'good', message: `${suite.provider.issuer} answers and describes itself.` },
      { level: 'good', message: 'It publishes its key.' },
      { level: 'good', message: 'It knows the client, and the client secret is right.' },
    ]);
    for (const [what, overrides, level, words] of FLAWS)
      expect([what, await check(overrides)]).toEqual([
        what,
        expect.arrayContaining([{ level, message: expect.stringContaining(words) }]),
      ]);
  });

  test('reaches nothing inside for a site, unless the platform allows it', async () => {
    const check = await startChecking();
    const outbound = createOutbound({ hosts: [], networks: [] });
    suite.askBy(outbound.fetchOutside);
    expect(await check()).toEqual([
      { level: 'bad', message: expect.stringContaining('is at no public address') },
    ]);
    await outbound.close();
  });

  test('takes no provider that vouches for people of any organisation', async () => {
    const check = await startChecking();
    const issuer = 'https://login.microsoftonline.com/common/v2.0';
    suite.askBy(async () =>
      Response.json({ issuer: 'https://login.microsoftonline.com/{tenantid}/v2.0' }),
    );
    expect(await check({ issuer })).toEqual([
      { level: 'bad', message: expect.stringContaining('enter the issuer of one organisation') },
    ]);
  });

  test('says that nobody listens, or something else does', async () => {
    const check = await startChecking();
    const silent = await check({ issuer: 'http://127.0.0.1:2' });
    expect(silent).toEqual([
      { level: 'bad', message: '127.0.0.1:2 cannot be asked: ECONNREFUSED.' },
    ]);
    const elsewhere = await check({ issuer: `${suite.provider.issuer}/realms/none` });
    expect(elsewhere).toEqual([{ level: 'bad', message: expect.stringContaining('answered 404') }]);
    const alias = suite.provider.issuer.replace('127.0.0.1', 'localhost');
    expect(await check({ issuer: alias })).toEqual([
      {
        level: 'bad',
        message: `The provider calls itself ${suite.provider.issuer}: enter exactly that as its issuer, not ${alias}.`,
      },
    ]);
  });
});

describe('when the provider is down', () => {
  test('the login says so, and what to do; a password opens the site all the same', async () => {
    const { app, set } = await suite.start();
    await set({ issuer: 'http://127.0.0.1:2', passwordAllowed: false });
    const browser = createBrowser(app);
    const start = await browser.ask('GET', `${SIGN_ON}/start`);
    expect(start.headers.location).toBe('/example/login?refused=unreachable');
    const { pool } = suite.accounts.database;
    const command = ['create', '--email', 'help@example.org', '--name', 'Help'];
    const made = await runCommand(
      createUserCommand,
      [...command, '--site', 'example', '--role', 'owner'],
      { environment: { DATABASE_URL: pool.options.connectionString } },
    );
    expect([made.code, made.stderr]).toEqual([0, expect.stringContaining('owner of example')]);
    const login = { email: 'help@example.org', password: made.stdout };
    const helper = createBrowser(app);
    expect((await helper.ask('POST', '/example/api/v1/session', login)).statusCode).toBe(200);
    expect((await helper.ask('DELETE', SIGN_ON)).statusCode).toBe(204);
  });

  test('the login says so when it goes down on the way', async () => {
    const { come } = await suite.start();
    suite.askBy((url, init) =>
      String(url).endsWith('/token') ? fetch('http://127.0.0.1:2/token', init) : fetch(url, init),
    );
    expect((await come({ sub: 'eve-1', groups: ['nd-operators'] })).refused).toBe('unreachable');
  });
});
