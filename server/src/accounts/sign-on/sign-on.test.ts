import { describe, expect, test } from 'vitest';
import { createBrowser } from '../testing/create-account-server.ts';
import { JOINER_PASSWORD, tokenIn } from '../testing/create-account-suite.ts';
import { createSignOnSuite } from './testing/create-sign-on-suite.ts';
import type { ProviderPerson } from './testing/start-provider.ts';

const suite = createSignOnSuite();
const { accounts } = suite;
const SESSION = '/example/api/v1/session';

const EVE: ProviderPerson = {
  ...{ sub: 'eve-1', name: 'Eve Example', email: 'Eve@example.org', email_verified: true },
  groups: ['canteen', 'nd-auditors', 'nd-operators'],
};

/** What the audit log of the site holds of an action, in its order. */
async function entriesOf(action: string) {
  const { rows } = await accounts.database.pool.query(
    `select actor, subject, before, after from audit_entries
    where action = $1 and site_id = (select id from sites where slug = 'example') order by number`,
    [action],
  );
  return rows;
}

async function membersOf(ask: Awaited<ReturnType<typeof suite.start>>['ask']) {
  const reply = await ask('GET', '/example/api/v1/members');
  return Object.fromEntries(
    reply.json().items.map(({ email, role }: { email: string; role: string }) => [email, role]),
  );
}

describe('somebody new', () => {
  test('comes in by the groups, in the role that may most, where they wanted to go', async () => {
    const { come } = await suite.start();
    const visitor = await come(EVE);
    expect(visitor.landed).toBe('/example/groups');
    expect(visitor.session.json()).toMatchObject({
      user: { name: 'Eve Example', email: 'eve@example.org' },
      role: 'operator',
      signedOn: true,
    });
    expect(await entriesOf('member.added')).toMatchObject([
      { actor: { kind: 'provider', name: 'Keycloak' }, after: { role: 'operator' } },
    ]);
    expect(await entriesOf('session.opened')).toMatchObject([
      {
        actor: { kind: 'person', name: 'Eve Example' },
        after: { through: 'Keycloak', role: 'operator' },
      },
    ]);
  });

  test('gets the role for everybody else where the site gives one', async () => {
    const { come } = await suite.start({ otherwise: 'viewer' });
    const visitor = await come({ sub: 'lone', name: 'Lone', groups: ['canteen'] });
    expect(visitor.session.json()).toMatchObject({ role: 'viewer', user: { email: 'lone' } });
  });

  test.each([
    ['no group', {}, { ...EVE, groups: ['canteen'] }, 'no-group'],
    ['no claim of groups', {}, { sub: 'eve-1', name: 'Eve' }, 'no-group'],
    ['whoever is no member', { admitsNew: false, linksByEmail: true }, EVE, 'not-a-member'],
  ] as const)('is refused: %s', async (_what, rule, who, reason) => {
    const { come, ask } = await suite.start(rule);
    const visitor = await come(who);
    expect([visitor.refused, visitor.session.statusCode]).toEqual([reason, 401]);
    expect(await membersOf(ask)).toEqual({ 'ada@example.org': 'owner' });
    expect(await entriesOf('session.refused')).toMatchObject([
      { actor: { kind: 'nobody' }, after: { through: 'Keycloak', reason } },
    ]);
  });

  test('comes twice at one moment, and is one person', async () => {
    const { come, ask } = await suite.start();
    const visitors = await Promise.all([come(EVE), come(EVE)]);
    expect(visitors.map(({ session }) => session.statusCode)).toEqual([200, 200]);
    expect(await membersOf(ask)).toEqual({
      'ada@example.org': 'owner',
      'eve@example.org': 'operator',
    });
  });
});

test('what is changed while somebody is on the way back holds for them', async () => {
  const { come, set } = await suite.start();
  const changing = (change: Parameters<typeof set>[0]) =>
    suite.askBy(async (url, init) => {
      if (String(url).endsWith('/token')) await set(change);
      return fetch(url, init);
    });
  changing({ roles: [{ group: 'nd-operators', role: 'viewer' }] });
  expect((await come(EVE)).session.json().role).toBe('viewer');
  changing({ enabled: false });
  const visitor = await come(EVE);
  expect([visitor.refused, visitor.session.statusCode]).toEqual(['no-provider', 401]);
});

describe('somebody who came before', () => {
  test('has the role and the name that the provider says now, and it is written down', async () => {
    const { come, ask } = await suite.start();
    const first = await come(EVE);
    const { id } = first.session.json().user;
    const renamed = { ...EVE, name: 'Eve Married', groups: ['nd-auditors'] };
    const again = await come({ ...renamed, email: 'eve.m@example.org' });
    expect(again.session.json()).toMatchObject({
      role: 'auditor',
      user: { id, name: 'Eve Married' },
    });
    expect(await membersOf(ask)).toMatchObject({ 'eve.m@example.org': 'auditor' });
    expect(await entriesOf('member.edited')).toMatchObject([
      { actor: { kind: 'provider' }, before: { role: 'operator' }, after: { role: 'auditor' } },
    ]);
    // At once also where the first session is still open.
    expect((await first.ask('GET', SESSION)).json().role).toBe('auditor');
  });

  test('and is in none of the groups any more does not come in, and all their sessions end', async () => {
    const { come, ask } = await suite.start();
    const first = await come(EVE);
    const again = await come({ ...EVE, groups: [] });
    expect([again.refused, again.session.statusCode]).toEqual(['no-group', 401]);
    expect((await first.ask('GET', SESSION)).statusCode).toBe(401);
    expect(await membersOf(ask)).toEqual({ 'ada@example.org': 'owner' });
    expect(await entriesOf('member.removed')).toMatchObject([{ before: { role: 'operator' } }]);
    // With the membership goes the person: of an account of this site alone nothing is left.
    const { rows } = await accounts.database.pool.query('select email from users');
    expect(rows).toEqual([{ email: 'ada@example.org' }]);
  });

  test('keeps the membership when the provider says nothing of groups, but does not come in', async () => {
    const { come, ask, set } = await suite.start();
    const first = await come(EVE);
    await set({ groupsClaim: 'grops' });
    expect((await come(EVE)).refused).toBe('no-group');
    expect((await first.ask('GET', SESSION)).statusCode).toBe(401);
    expect(await membersOf(ask)).toMatchObject({ 'eve@example.org': 'operator' });
    await set({});
    expect((await come(EVE)).session.json().user.id).toBe(first.session.json().user.id);
  });

  test('is made no owner by hand, for an owner needs a password', async () => {
    const { come, ask } = await suite.start();
    const { id } = (await come(EVE)).session.json().user;
    const reply = await ask('PUT', `/example/api/v1/members/${id}`, { role: 'owner' });
    expect([reply.statusCode, reply.json().code]).toEqual([409, 'without-password']);
    const other = await ask('PUT', `/example/api/v1/members/${id}`, { role: 'viewer' });
    expect(other.statusCode).toBe(200);
  });

  test('is let out after the hours that the site gives a login, however much it is used', async () => {
    const { come } = await suite.start({ sessionHours: 1 });
    const visitor = await come(EVE);
    const { pool } = accounts.database;
    const { rows } = await pool.query(
      `select round(extract(epoch from ends_at - "createdAt") / 60)::int as minutes from sessions
      where bound_to is not null`,
    );
    expect(rows).toEqual([{ minutes: 60 }]);
    expect((await visitor.ask('GET', SESSION)).cookies).toEqual([]);
    await pool.query(`update sessions set ends_at = now() where bound_to is not null`);
    expect((await visitor.ask('GET', SESSION)).statusCode).toBe(401);
  });

  test.each([
    ['is removed', { removed: true }],
    ['is switched off', { enabled: false }],
    ['is another one', { issuer: 'https://login.example.org' }],
  ])(
    'is out when the provider %s',
    async (_what, { removed, ...change }: Record<string, unknown>) => {
      const { come, ask, set } = await suite.start();
      const visitor = await come(EVE);
      if (removed) await ask('DELETE', '/example/api/v1/sign-on');
      else await set(change);
      expect((await visitor.ask('GET', SESSION)).statusCode).toBe(401);
      const { rows } = await accounts.database.pool.query(
        'select 1 from sessions where bound_to is not null',
      );
      expect(rows).toEqual([]);
    },
  );
});

describe('a member with a password', () => {
  const vera = { sub: 'vera-1', name: 'V.', email: 'vera@example.org', groups: ['nd-operators'] };
  const verified = { ...vera, email_verified: true };

  async function startWithVera(rule: Parameters<typeof suite.start>[0]) {
    const server = await suite.start(rule);
    return { ...server, vera: await server.join('vera@example.org', 'viewer') };
  }

  test('is linked by a verified address where the site trusts the provider for that', async () => {
    const server = await startWithVera({ linksByEmail: true });
    const visitor = await server.come(verified);
    expect(visitor.session.json()).toMatchObject({
      // Their own name stays.
      user: { id: server.vera.id, name: 'A viewer' },
      role: 'operator',
    });
    expect(await entriesOf('member.linked')).toMatchObject([
      { actor: { kind: 'provider' }, after: { providerSubject: 'vera-1' } },
    ]);
    // From now on by what the provider calls them, whatever the address.
    const moved = await server.come({ ...verified, email: 'new@example.org' });
    expect(moved.session.json().user.id).toBe(server.vera.id);
    const other = await server.come({ ...verified, sub: 'vera-2' });
    expect(other.refused).toBe('linked-otherwise');
  });

  test.each([
    ['an unverified address', { linksByEmail: true }, vera, 'unverified-email'],
    [
      'one that is said to be unverified',
      { linksByEmail: true },
      { ...vera, email_verified: false },
      'unverified-email',
    ],
    ['a site that does not link', { linksByEmail: false }, verified, 'not-linked'],
  ] as const)('is nobody else by %s', async (_what, rule, who, reason) => {
    const server = await startWithVera(rule);
    const visitor = await server.come(who);
    expect([visitor.refused, visitor.session.statusCode]).toEqual([reason, 401]);
    expect(await membersOf(server.ask)).toMatchObject({ 'vera@example.org': 'viewer' });
    const { rows } = await accounts.database.pool.query('select 1 from sign_on_subjects');
    expect(rows).toEqual([]);
  });

  test('does not come in by it where only owners may; an owner does', async () => {
    const server = await startWithVera({ linksByEmail: true });
    const login = () =>
      createBrowser(server.app).ask('POST', SESSION, {
        ...{ email: 'vera@example.org', password: JOINER_PASSWORD },
      });
    expect((await login()).statusCode).toBe(200);
    await server.set({ linksByEmail: true, passwordAllowed: false });
    // Neither by the session that is open, nor by one that the front door gives.
    expect((await server.vera.ask('GET', SESSION)).statusCode).toBe(401);
    const refused = await login();
    expect([refused.statusCode, refused.json().code]).toEqual([403, 'sign-on-demanded']);
    expect((await server.ask('GET', SESSION)).statusCode).toBe(200);
    expect((await server.come(verified)).session.statusCode).toBe(200);
  });
});

test('whoever accepts an invitation where only owners may use a password is a member, and comes in by the provider', async () => {
  const { app, ask, come } = await suite.start({ linksByEmail: true, passwordAllowed: false });
  const invitation = { email: 'vera@example.org', role: 'viewer', delivery: 'link' };
  const made = await ask('POST', '/example/api/v1/invitations', invitation);
  const accepting = { token: tokenIn(made.json().link), name: 'Vera', password: JOINER_PASSWORD };
  const reply = await createBrowser(app).ask(
    'POST',
    '/example/api/v1/invitation/accept',
    accepting,
  );
  expect([reply.statusCode, reply.json().code]).toEqual([403, 'sign-on-demanded']);
  expect(await entriesOf('invitation.accepted')).toMatchObject([{ actor: { name: 'Vera' } }]);
  const vera = { sub: 'vera-1', email: 'vera@example.org', email_verified: true };
  const visitor = await come({ ...vera, groups: ['nd-operators'] });
  expect(visitor.session.json()).toMatchObject({ role: 'operator', user: { name: 'Vera' } });
});

describe('owners', () => {
  const ada = {
    ...{ sub: 'ada-1', name: 'Ada', email: 'ada@example.org', email_verified: true },
    groups: ['nd-operators'],
  };
  const OWNERS = [
    { group: 'nd-owners', role: 'owner' },
    { group: 'nd-operators', role: 'operator' },
  ] as const;

  test('are out of reach of a provider that makes none, though it knows their address', async () => {
    const { come, ask } = await suite.start({ linksByEmail: true });
    const visitor = await come(ada);
    expect([visitor.refused, visitor.session.statusCode]).toEqual(['owner-by-password', 401]);
    expect(await membersOf(ask)).toEqual({ 'ada@example.org': 'owner' });
  });

  test('follow their groups where an owner decided so, but for the last one', async () => {
    const { come, ask } = await suite.start({ linksByEmail: true, roles: [...OWNERS] });
    expect((await come(ada)).session.json().role).toBe('owner');
    expect((await come({ ...ada, groups: [] })).refused).toBe('no-group');
    expect(await membersOf(ask)).toEqual({ 'ada@example.org': 'owner' });
    await come({ ...EVE, groups: ['nd-owners'] });
    expect((await come(ada)).session.json().role).toBe('operator');
    expect(await membersOf(ask)).toMatchObject({ 'eve@example.org': 'owner' });
  });
});

describe('a second factor that the site demands', () => {
  const demand = () =>
    accounts.database.pool.query('update sites set second_factor_demanded = true');

  test.each([
    ['nothing', ['pwd'], 'asserted', 'second-factor'],
    ['mfa', ['pwd', 'mfa'], 'asserted', null],
    ['two kinds', ['pwd', 'hwk'], 'asserted', null],
    ['nothing, but is believed to ask for it', ['pwd'], 'always', null],
  ] as const)('is given when the provider says %s', async (_what, amr, secondFactor, reason) => {
    const { come } = await suite.start({ secondFactor });
    await demand();
    const visitor = await come({ ...EVE, amr });
    expect(visitor.refused).toBe(reason);
    expect(visitor.session.statusCode).toBe(reason ? 401 : 200);
    if (!reason) expect(visitor.session.json().lacksSecondFactor).toBe(false);
  });

  test('closes what was opened without one', async () => {
    const { come } = await suite.start();
    const visitor = await come(EVE);
    await demand();
    const reply = await visitor.ask('GET', '/example/api/v1/members');
    expect([reply.statusCode, reply.json().code]).toEqual([403, 'second-factor-demanded']);
  });
});
