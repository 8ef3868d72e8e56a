import { describe, expect, test } from 'vitest';
import { insertSite } from '../queries.ts';
import { buildSetupRequest } from '../testing/build-setup-request.ts';
import { createBrowser } from '../testing/create-account-server.ts';
import { come, createSignOnSuite, leaveFor, refusalIn } from './testing/create-sign-on-suite.ts';

/**
 * Ada owns `example` and `other`; Eve comes into `example` through its provider, which may be run by
 * whoever looks after that site. Nothing that it says or makes may open `other`.
 */
const suite = createSignOnSuite();
const { email, password } = buildSetupRequest();
const EVE = {
  ...{ sub: 'eve-1', name: 'Eve', email: 'eve@example.org', email_verified: true },
  groups: ['nd-operators'],
};

async function startWithTwoSites() {
  const server = await suite.start({ linksByEmail: true });
  const { system, pool } = suite.accounts.database;
  const { rows } = await pool.query<{ id: string }>('select id from users');
  const ada = rows[0]?.id ?? '';
  await system
    .transaction()
    .execute((tx) => insertSite(tx, { slug: 'other', name: 'Other', timeZone: 'UTC' }, ada));
  await server.ask('POST', '/other/api/v1/session', { email, password });
  const give = async (personId: string, slug: string, role: string) => {
    await pool.query(
      `insert into members (site_id, user_id, role) select id, $1, $2 from sites where slug = $3`,
      [personId, role, slug],
    );
  };
  return { ...server, ada, give };
}

describe('a session that a provider made', () => {
  test('opens nothing of another site, though its person is a member there, and known to the same provider', async () => {
    const { app, ask, come: comeIn, give, join } = await startWithTwoSites();
    const vera = await join('vera@example.org', 'operator');
    await give(vera.id, 'other', 'administrator');
    const who = { ...EVE, sub: 'vera-1', email: 'vera@example.org' };
    await ask('PUT', '/other/api/v1/sign-on', suite.ruleOf({ linksByEmail: true }));
    const there = await come(app, suite.provider, who, 'other');
    const visitor = await comeIn(who);
    for (const { session } of [there, visitor]) expect(session.json().user.id).toBe(vera.id);
    const cookie = [...visitor.jar.values()].map(({ pair }) => pair).join('; ');
    const statusOf = async (method: 'GET' | 'POST', url: string) =>
      (await app.inject({ method, url, headers: { cookie }, payload: {} })).statusCode;
    expect(await statusOf('GET', '/example/api/v1/members')).toBe(200);
    expect(await statusOf('GET', '/other/api/v1/session')).toBe(401);
    expect(await statusOf('GET', '/other/api/v1/members')).toBe(401);
    expect(await statusOf('POST', '/api/v1/sites/other/enter')).toBe(401);
    // Her own login opens both.
    const own = [...vera.jar.values()].map(({ pair }) => pair).join('; ');
    const members = { url: '/other/api/v1/members', headers: { cookie: own } };
    expect((await app.inject(members)).statusCode).toBe(200);
  });

  test('is nothing at the front door, and no platform administrator', async () => {
    const { app, come: comeIn } = await startWithTwoSites();
    const { pool } = suite.accounts.database;
    const visitor = await comeIn(EVE);
    await pool.query(`update users set platform_admin = true`);
    const cookie = [...visitor.jar.values()].map(({ pair }) => pair).join('; ');
    const sites = await app.inject({ url: '/api/v1/sites', headers: { cookie } });
    expect(sites.json()).toEqual({ needsSetup: false, visitor: null, sites: [] });
    const all = await app.inject({ url: '/api/v1/platform/sites', headers: { cookie } });
    expect(all.statusCode).toBe(401);
  });

  test('changes nothing of the account, and shows no session of others sites', async () => {
    const { come: comeIn, join } = await startWithTwoSites();
    const vera = await join('vera@example.org', 'operator');
    const visitor = await comeIn({ ...EVE, sub: 'vera-1', email: 'vera@example.org' });
    for (const [method, path, body] of [
      ['PUT', '', { name: 'Mallory' }],
      ['PUT', '/password', { oldPassword: 'x', password: 'a new one 4711 xyz' }],
      ['GET', '/second-factor', undefined],
      ['POST', '/second-factor', { password: 'x' }],
    ] as const) {
      const reply = await visitor.ask(method, `/example/api/v1/account${path}`, body);
      expect([path, reply.statusCode, reply.json().code]).toEqual([path, 403, 'own-login-only']);
    }
    const sessionsOf = async ({ ask }: Pick<typeof vera, 'ask'>) =>
      (await ask('GET', '/example/api/v1/account/sessions')).json().items;
    const [own] = (await sessionsOf(vera)).filter(({ current }: { current: boolean }) => current);
    expect(await sessionsOf(vera)).toHaveLength(2);
    expect(await sessionsOf(visitor)).toMatchObject([{ current: true }]);
    const ending = await visitor.ask('DELETE', `/example/api/v1/account/sessions/${own.id}`);
    expect(ending.statusCode).toBe(404);
    const another = await comeIn({ ...EVE, sub: 'vera-1', email: 'vera@example.org' });
    await another.ask('DELETE', '/example/api/v1/account/sessions');
    expect((await visitor.ask('GET', '/example/api/v1/session')).statusCode).toBe(401);
    expect((await vera.ask('GET', '/example/api/v1/session')).statusCode).toBe(200);
    // Written down where it was done, and not in the log of a site that did not let them in.
    const { rows } = await suite.accounts.database.pool.query(
      `select s.slug from audit_entries as a join sites as s on s.id = a.site_id where a.action = 'session.ended'`,
    );
    expect(rows).toEqual([{ slug: 'example' }]);
  });

  test('opens nothing any more for whom an owner has made an owner since', async () => {
    const { come: comeIn, join } = await startWithTwoSites();
    await join('vera@example.org', 'operator');
    const visitor = await comeIn({ ...EVE, sub: 'vera-1', email: 'vera@example.org' });
    expect((await visitor.ask('GET', '/example/api/v1/session')).statusCode).toBe(200);
    await suite.accounts.database.pool.query(
      `update members set role = 'owner' where user_id in (select id from users where email = 'vera@example.org')`,
    );
    expect((await visitor.ask('GET', '/example/api/v1/session')).statusCode).toBe(401);
  });
});

describe("a provider's word", () => {
  test('makes nobody of another site a member, nor says that they exist there', async () => {
    const { come: comeIn, give, ada } = await startWithTwoSites();
    const { pool } = suite.accounts.database;
    await pool.query(
      `insert into users (id, name, email) values ('boss', 'The Boss', 'boss@other.example')`,
    );
    await give('boss', 'other', 'owner');
    const visitor = await comeIn({ ...EVE, name: 'Me', email: 'boss@other.example' });
    const { user } = visitor.session.json();
    expect([user.name, user.id === 'boss', user.id === ada]).toEqual(['Me', false, false]);
    const { rows } = await pool.query(`select site_id from members where user_id = 'boss'`);
    expect(rows).toHaveLength(1);
    // And the boss logs in and is invited by the address as if nobody else had it.
    const { rows: found } = await pool.query(
      `select id, login_email from users where email = 'boss@other.example' order by id = 'boss'`,
    );
    expect(found).toEqual([
      { id: user.id, login_email: null },
      { id: 'boss', login_email: 'boss@other.example' },
    ]);
  });

  test('begun in one site ends nowhere else: not its code, state nor cookie', async () => {
    const { app, ask } = await startWithTwoSites();
    const rule = suite.ruleOf({ admitsNew: true });
    expect((await ask('PUT', '/other/api/v1/sign-on', rule)).statusCode).toBe(200);
    const browser = createBrowser(app);
    const back = await leaveFor(browser, suite.provider, EVE, 'example');
    const cookie = [...browser.jar.values()].map(({ pair }) => pair).join('; ');
    const url = back.replace('/example/', '/other/');
    const crossed = await app.inject({ url, headers: { cookie } });
    expect(refusalIn(String(crossed.headers.location))).toBe('not-begun-here');
    expect(crossed.cookies).toEqual([]);
    const { rows } = await suite.accounts.database.pool.query(
      'select 1 from sessions where bound_to is not null',
    );
    expect(rows).toEqual([]);
    // The same person at the same provider is another one in each site.
    const [here, there] = [
      await come(app, suite.provider, EVE, 'example'),
      await come(app, suite.provider, EVE, 'other'),
    ];
    expect([here.session.statusCode, there.session.statusCode]).toEqual([200, 200]);
    expect(here.session.json().user.id).not.toBe(there.session.json().user.id);
  });

  test('is gone with its site, and with it the people whom it alone knew', async () => {
    const { come: comeIn } = await startWithTwoSites();
    await comeIn(EVE);
    const { pool } = suite.accounts.database;
    await pool.query(`delete from sites where slug = 'example'`);
    const { rows } = await pool.query(
      'select email from users union all select "userId" from sessions where bound_to is not null',
    );
    expect(rows).toEqual([{ email: 'ada@example.org' }]);
  });
});
