import { generateKeyPairSync } from 'node:crypto';
import { passkeyList } from '@netdelta/core/api/passkeys.ts';
import { describe, expect, test } from 'vitest';
import { buildSetupRequest } from '../testing/build-setup-request.ts';
import { createBrowser } from '../testing/create-account-server.ts';
import { createAccountSuite, JOINER_PASSWORD } from '../testing/create-account-suite.ts';
import { type Authenticator, createAuthenticator } from '../testing/create-authenticator.ts';
import { codeOf } from '../testing/totp.ts';

const suite = createAccountSuite();
const { email, password } = buildSetupRequest();
/** Where requests of tests come in. */
const ORIGIN = 'http://localhost:80';
const SITE = '/example/api/v1';
const PASSKEYS = `${SITE}/account/passkeys`;

type Browser = ReturnType<typeof createBrowser>;

async function add(
  { ask }: Pick<Browser, 'ask'>,
  {
    authenticator = createAuthenticator(ORIGIN),
    name = 'Telephone',
    proof = password,
    path = PASSKEYS,
  } = {},
) {
  const asked = await ask('POST', `${path}/challenge`, { password: proof });
  const { options } = asked.json();
  if (!options) return { authenticator, made: asked };
  const made = await ask('POST', path, { name, credential: authenticator.make(options) });
  return { authenticator, made };
}

async function enter({ ask }: Pick<Browser, 'ask'>, authenticator: Authenticator, at = SITE) {
  const { options } = (await ask('POST', `${at}/session/passkey/challenge`)).json();
  return ask('POST', `${at}/session/passkey`, authenticator.sign(options));
}

/** The audit log of the sites that there are, the oldest first. */
async function readLog() {
  const { rows } = await suite.database.pool.query(
    `select action, actor, before, after from audit_entries
     join sites on sites.id = site_id order by number`,
  );
  return rows;
}

/** Ada, the owner, with a passkey. */
async function startWithPasskey() {
  const server = await suite.startSetUpServer();
  const { authenticator, made } = await add(server);
  expect(made.statusCode).toBe(201);
  return { ...server, authenticator, id: made.json().id as string };
}

describe('a passkey', () => {
  test('is added, listed, opens the site and the front door, and tells its last use', async () => {
    const { app, ask, authenticator } = await startWithPasskey();
    const list = async () => passkeyList.parse((await ask('GET', PASSKEYS)).json());
    expect(await list()).toMatchObject({
      items: [{ name: 'Telephone', hostName: 'localhost', backedUp: false, lastUsedAt: null }],
      place: { hostName: 'localhost', origin: ORIGIN },
      obstacle: null,
    });
    const other = createBrowser(app);
    const entered = await enter(other, authenticator);
    expect([entered.statusCode, entered.json().user?.email]).toEqual([200, 'ada@example.org']);
    expect((await other.ask('GET', `${SITE}/members`)).statusCode).toBe(200);
    expect((await list()).items[0]?.lastUsedAt).not.toBeNull();
    const { items } = (await other.ask('GET', `${SITE}/account/sessions`)).json();
    expect(items.map(({ openedBy }: { openedBy: string }) => openedBy).sort()).toEqual([
      'passkey',
      'password',
    ]);
    const visitor = createBrowser(app);
    expect((await enter(visitor, authenticator, '/api/v1')).statusCode).toBe(204);
    expect((await visitor.ask('GET', '/api/v1/sites')).json().visitor.email).toBe(
      'ada@example.org',
    );
    expect((await visitor.ask('POST', '/api/v1/sites/example/enter')).statusCode).toBe(204);
    expect((await visitor.ask('GET', `${SITE}/members`)).statusCode).toBe(200);
  });

  test('needs no code where there is a second factor', async () => {
    const { app, ask, authenticator } = await startWithPasskey();
    const factor = `${SITE}/account/second-factor`;
    const { uri } = (await ask('POST', factor, { password })).json();
    expect((await ask('POST', `${factor}/confirm`, { code: codeOf(uri) })).statusCode).toBe(204);
    expect((await enter(createBrowser(app), authenticator)).statusCode).toBe(200);
  });

  test('is asked for with what makes it two factors, found without a name', async () => {
    const { app, ask } = await startWithPasskey();
    const { options } = (await ask('POST', `${PASSKEYS}/challenge`, { password })).json();
    expect(options).toMatchObject({
      rp: { name: 'NetDelta', id: 'localhost' },
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      attestation: 'none',
      user: { name: 'ada@example.org', displayName: 'Ada Lovelace' },
    });
    expect(options.excludeCredentials).toHaveLength(1);
    const asked = await createBrowser(app).ask('POST', `${SITE}/session/passkey/challenge`);
    expect(asked.json().options).toMatchObject({ rpId: 'localhost', userVerification: 'required' });
    expect(asked.json().options.allowCredentials ?? []).toEqual([]);
    expect(asked.cookies[0]).toMatchObject({
      ...{ httpOnly: true, sameSite: 'Strict', path: '/example/api/v1/', maxAge: 300 },
    });
  });

  test('opens nothing where its person is no member', async () => {
    const { app, join } = await startWithPasskey();
    const viewer = await join('viewer@example.org', 'viewer');
    const { authenticator } = await add(viewer, { proof: JOINER_PASSWORD });
    await suite.database.pool.query('delete from members where user_id = $1', [viewer.id]);
    const refused = await enter(createBrowser(app), authenticator);
    expect([refused.statusCode, refused.json().code]).toEqual([401, 'wrong-login']);
    const { rows } = await suite.database.pool.query(
      'select 1 from sessions where "userId" = $1 and opened_by = $2',
      [viewer.id, 'passkey'],
    );
    expect(rows).toEqual([]);
  });
});

describe('an answer is refused', () => {
  const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const twists = {
    'of another origin': { origin: 'http://localhost:8080' },
    'of a page in another domain': { origin: 'https://nd.example' },
    'for another host name': { hostName: 'nd.example' },
    'without finger, face or PIN': { verified: false },
    'signed by another key': { key: stranger },
    'in the name of somebody else': { userHandle: Buffer.from('eve').toString('base64url') },
    'that was made to add a passkey': { type: 'webauthn.create' },
  };

  test('whatever is wrong with it', async () => {
    const { app, authenticator } = await startWithPasskey();
    const { ask, jar } = createBrowser(app);
    for (const [what, twist] of Object.entries(twists)) {
      const { options } = (await ask('POST', `${SITE}/session/passkey/challenge`)).json();
      const answer = authenticator.sign(options, twist);
      const reply = await ask('POST', `${SITE}/session/passkey`, answer);
      expect([what, reply.statusCode, reply.json().code]).toEqual([what, 401, 'wrong-passkey']);
    }
    expect(jar.size).toBe(0);
    expect((await enter({ ask }, authenticator)).statusCode).toBe(200);
  });

  test('when its passkey was used more often since: it is a copy', async () => {
    const { app, authenticator } = await startWithPasskey();
    expect((await enter(createBrowser(app), authenticator)).statusCode).toBe(200);
    authenticator.forget(1);
    const copy = await enter(createBrowser(app), authenticator);
    expect(copy.json().code).toBe('wrong-passkey');
    expect((await enter(createBrowser(app), authenticator)).statusCode).toBe(200);
  });

  test('a second time, from another browser, and after five minutes', async () => {
    const { app, authenticator } = await startWithPasskey();
    const challenge = async ({ ask }: Browser) =>
      (await ask('POST', `${SITE}/session/passkey/challenge`)).json().options;
    const answer = async ({ ask }: Browser, options: { challenge: string }) =>
      (await ask('POST', `${SITE}/session/passkey`, authenticator.sign(options))).json().code;
    const [own, other] = [createBrowser(app), createBrowser(app)];
    const options = await challenge(own);
    expect(await answer(other, options)).toBe('challenge-ended');
    const kept = new Map(own.jar);
    expect(await answer(own, options)).toBeUndefined();
    for (const [name, cookie] of kept) own.jar.set(name, cookie);
    expect(await answer(own, options)).toBe('challenge-ended');
    const late = await challenge(other);
    await suite.database.pool.query(
      `update passkey_challenges set expires_at = now() - interval '1 second'`,
    );
    expect(await answer(other, late)).toBe('challenge-ended');
    await challenge(other);
    const old = 'select 1 from passkey_challenges where expires_at < now()';
    expect((await suite.database.pool.query(old)).rows).toEqual([]);
  });

  test('of all but one, when it comes in many times at one moment, in two processes', async () => {
    const { app, authenticator } = await startWithPasskey();
    const second = await suite.startServer();
    const { ask, jar } = createBrowser(app);
    const { options } = (await ask('POST', `${SITE}/session/passkey/challenge`)).json();
    const answer = authenticator.sign(options);
    const answers = await Promise.all(
      [app, second.app, app, second.app].map((server) => {
        const browser = createBrowser(server);
        for (const [name, cookie] of jar) browser.jar.set(name, cookie);
        return browser.ask('POST', `${SITE}/session/passkey`, answer);
      }),
    );
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 401, 401, 401]);
  });

  test('to a challenge that was given for something else', async () => {
    const { app, ask, authenticator, jar } = await startWithPasskey();
    const adding = (await ask('POST', `${PASSKEYS}/challenge`, { password })).json().options;
    const login = await ask('POST', `${SITE}/session/passkey`, authenticator.sign(adding));
    expect(login.json().code).toBe('challenge-ended');
    const entering = (await ask('POST', `${SITE}/session/passkey/challenge`)).json().options;
    const credential = createAuthenticator(ORIGIN).make({ ...entering, user: { id: 'YWRh' } });
    const made = await ask('POST', PASSKEYS, { name: 'Forged', credential });
    expect([made.statusCode, made.json().code]).toEqual([400, 'challenge-ended']);
    expect(jar.size).toBeGreaterThan(0);
    expect((await createBrowser(app).ask('GET', PASSKEYS)).statusCode).toBe(401);
  });

  test('of a passkey that nobody has, and is written down with words for it', async () => {
    const { app } = await startWithPasskey();
    const unknown = createAuthenticator(ORIGIN);
    unknown.make({ challenge: 'x', user: { id: 'YWRh' } });
    expect((await enter(createBrowser(app), unknown)).json().code).toBe('wrong-passkey');
    expect(await readLog()).toMatchObject([
      { action: 'passkey.added' },
      { action: 'session.refused', actor: { kind: 'nobody', name: 'an unknown passkey' } },
    ]);
  });
});

test('those who guess wait, and those who log in do not', async () => {
  const { app, authenticator } = await startWithPasskey();
  const { pool } = suite.database;
  const unknown = createAuthenticator(ORIGIN);
  unknown.make({ challenge: 'x', user: { id: 'YWRh' } });
  const counted = async () =>
    (await pool.query('select round(sum(level)) as counted from attempts')).rows[0].counted;
  const before = await counted();
  await enter(createBrowser(app), unknown);
  expect(await counted()).toBe(before + 1);
  expect((await enter(createBrowser(app), authenticator)).statusCode).toBe(200);
  expect(await counted()).toBeLessThanOrEqual(before + 1);
  await pool.query(`update attempts set locked_until = now() + interval '1 minute'`);
  expect((await enter(createBrowser(app), authenticator)).statusCode).toBe(429);
});

describe('adding one', () => {
  test('with something wrong is refused', async () => {
    const { ask } = await suite.startSetUpServer();
    const { origin, hostName } = { origin: 'https://nd.example', hostName: 'nd.example' };
    for (const twist of [{ origin }, { hostName }, { verified: false }]) {
      const { options } = (await ask('POST', `${PASSKEYS}/challenge`, { password })).json();
      const credential = createAuthenticator(ORIGIN).make(options, twist);
      const made = await ask('POST', PASSKEYS, { name: 'Twisted', credential });
      expect([made.statusCode, made.json().code]).toEqual([400, 'unverified-passkey']);
    }
    expect((await ask('GET', PASSKEYS)).json().items).toEqual([]);
  });

  test('needs the password, and bytes that are a passkey', async () => {
    const { ask } = await suite.startSetUpServer();
    const wrong = await ask('POST', `${PASSKEYS}/challenge`, { password: 'not the password' });
    expect([wrong.statusCode, wrong.json().code]).toEqual([400, 'wrong-password']);
    const { options } = (await ask('POST', `${PASSKEYS}/challenge`, { password })).json();
    const good = createAuthenticator(ORIGIN).make(options);
    const response = { ...good.response, attestationObject: 'AAAA' };
    const made = await ask('POST', PASSKEYS, { name: 'x', credential: { ...good, response } });
    expect(made.json().code).toBe('unverified-passkey');
  });

  test('twice is refused, also by somebody else; twenty are enough', async () => {
    const { authenticator, join, ask } = await startWithPasskey();
    const viewer = await join('viewer@example.org', 'viewer');
    const again = await add(viewer, { authenticator, proof: JOINER_PASSWORD });
    expect([again.made.statusCode, again.made.json().code]).toEqual([409, 'known-passkey']);
    await suite.database.pool.query(
      `insert into passkeys (user_id, name, credential_id, public_key, signature_count, transports, host_name, backed_up)
       select user_id, number::text, decode(lpad(number::text, 4, '0'), 'hex'), public_key, 0, '{}', host_name, false
       from passkeys, generate_series(1, 19) number`,
    );
    const reply = await ask('POST', `${PASSKEYS}/challenge`, { password });
    expect([reply.statusCode, reply.json().code]).toEqual([409, 'too-many-passkeys']);
  });
});

describe('removing one', () => {
  test('needs the password, and ends all other sessions', async () => {
    const { app, ask, authenticator, id, join } = await startWithPasskey();
    const other = createBrowser(app);
    await enter(other, authenticator);
    const viewer = await join('viewer@example.org', 'viewer');
    const foreign = await viewer.ask('DELETE', `${PASSKEYS}/${id}`, { password: JOINER_PASSWORD });
    expect(foreign.statusCode).toBe(404);
    const wrong = await ask('DELETE', `${PASSKEYS}/${id}`, { password: 'not the password' });
    expect(wrong.json().code).toBe('wrong-password');
    expect((await ask('DELETE', `${PASSKEYS}/${id}`, { password })).statusCode).toBe(204);
    expect((await other.ask('GET', `${SITE}/session`)).statusCode).toBe(401);
    expect((await ask('GET', `${SITE}/session`)).statusCode).toBe(200);
    expect((await enter(createBrowser(app), authenticator)).json().code).toBe('wrong-passkey');
  });

  test('and adding one are written down and told by mail', async () => {
    const server = await suite.startSetUpServer({ smtpUrl: 'smtp://127.0.0.1:9' });
    const { made } = await add(server);
    await server.ask('DELETE', `${PASSKEYS}/${made.json().id}`, { password });
    const passkey = { passkey: 'Telephone', hostName: 'localhost' };
    expect(await readLog()).toMatchObject([
      { action: 'passkey.added', before: null, after: { ...passkey, backedUp: false } },
      { action: 'passkey.removed', before: { ...passkey, endedSessions: 0 }, after: null },
    ]);
    expect(server.parts.jobs.map(({ data }) => data)).toMatchObject([
      { action: 'passkey.added', detail: 'Telephone' },
      { action: 'passkey.removed', detail: 'Telephone' },
    ]);
  });
});

describe('a site that demands a second factor', () => {
  const demand = { secondFactorDemanded: true };

  test('is content with a passkey that was used, and not with one that is only there', async () => {
    const { app, ask, authenticator, id } = await startWithPasskey();
    expect((await ask('PUT', `${SITE}/member-rules`, demand)).statusCode).toBe(200);
    expect((await ask('GET', `${SITE}/members`)).json().code).toBe('second-factor-demanded');
    const other = createBrowser(app);
    await enter(other, authenticator);
    expect((await other.ask('GET', `${SITE}/session`)).json().lacksSecondFactor).toBe(false);
    expect((await other.ask('GET', `${SITE}/members`)).statusCode).toBe(200);
    await other.ask('DELETE', `${PASSKEYS}/${id}`, { password });
    expect((await other.ask('GET', `${SITE}/members`)).json().code).toBe('second-factor-demanded');
  });

  test('lets nobody make another factor who has only the password', async () => {
    const { app, ask, authenticator, id } = await startWithPasskey();
    const offer = (await ask('POST', `${SITE}/account/second-factor`, { password })).json();
    await ask('PUT', `${SITE}/member-rules`, demand);
    const thief = createBrowser(app);
    await thief.ask('POST', `${SITE}/session`, { email, password });
    for (const [method, path, body] of [
      ['POST', '/account/second-factor', { password }],
      ['POST', '/account/second-factor/confirm', { code: codeOf(offer.uri) }],
      ['POST', '/account/passkeys/challenge', { password }],
      ['DELETE', `/account/passkeys/${id}`, { password }],
    ] as const) {
      const reply = await thief.ask(method, SITE + path, body);
      expect([path, reply.statusCode, reply.json().code]).toEqual([path, 403, 'passkey-needed']);
    }
    const owner = createBrowser(app);
    await enter(owner, authenticator);
    expect((await add(owner)).made.statusCode).toBe(201);
  });
});

describe('where NetDelta is reached', () => {
  test('the public URL counts, whatever name a request claims, with its path', async () => {
    const server = await suite.startSetUpServer({ publicUrl: new URL('https://nd.example/net/') });
    const path = `/net${PASSKEYS}`;
    const origin = 'https://nd.example';
    const { authenticator, made } = await add(server, {
      ...{ authenticator: createAuthenticator(origin), path },
    });
    expect(made.json().hostName).toBe('nd.example');
    const visitor = createBrowser(server.app);
    expect((await enter(visitor, authenticator, `/net${SITE}`)).statusCode).toBe(200);
    const cookie = [...visitor.jar.values()].map(({ path: one }) => one).sort();
    expect(cookie).toEqual(['/net/api/v1/', '/net/example/']);
  });

  test('a passkey of another name does not work, and no challenge is given where there can be none', async () => {
    const { app, authenticator, jar } = await startWithPasskey();
    await suite.database.pool.query(`update passkeys set host_name = 'old.example'`);
    expect((await enter(createBrowser(app), authenticator)).json().code).toBe('wrong-passkey');
    const refused = await app.inject({
      ...{ method: 'POST', url: `${SITE}/session/passkey/challenge` },
      headers: { host: '127.0.0.1:9004', 'sec-fetch-site': 'same-origin' },
    });
    expect([refused.statusCode, refused.json().code]).toEqual([409, 'no-passkeys-here']);
    const headers = { cookie: [...jar.values()][0]?.pair ?? '', host: '127.0.0.1:9004' };
    const list = await app.inject({ url: PASSKEYS, headers });
    expect(passkeyList.parse(list.json())).toMatchObject({
      ...{ place: null, obstacle: refused.json().message },
    });
  });
});
