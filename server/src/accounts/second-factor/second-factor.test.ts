import { secondFactorOffer } from '@netdelta/core/api/people.ts';
import { describe, expect, test } from 'vitest';
import { buildSetupRequest } from '../testing/build-setup-request.ts';
import { createBrowser } from '../testing/create-account-server.ts';
import { createAccountSuite, JOINER_PASSWORD } from '../testing/create-account-suite.ts';
import { codeOf, secretOf } from '../testing/totp.ts';

const suite = createAccountSuite();
const FACTOR = '/example/api/v1/account/second-factor';
const SESSION = '/example/api/v1/session';
const RULES = '/example/api/v1/member-rules';
const { email, password } = buildSetupRequest();

/** Confirmed a minute ago, so that the codes of now and of the next step are left. */
async function startWithFactor() {
  const server = await suite.startSetUpServer();
  const { ask } = server;
  const offer = secondFactorOffer.parse((await ask('POST', FACTOR, { password })).json());
  const confirmed = await ask('POST', `${FACTOR}/confirm`, { code: codeOf(offer.uri) });
  expect(confirmed.statusCode).toBe(204);
  await suite.database.pool.query('update two_factors set last_step = last_step - 2');
  const login = (code?: string, app = server.app) =>
    createBrowser(app).ask('POST', SESSION, { email, password, ...(code && { code }) });
  return { ...server, offer, login };
}

test('it is offered, holds from its first code on, and the login asks it', async () => {
  const { ask, login, offer } = await startWithFactor();
  expect(offer.uri).toMatch(
    /^otpauth:\/\/totp\/NetDelta:ada%40example\.org\?issuer=NetDelta&secret=/,
  );
  expect((await ask('GET', SESSION)).statusCode).toBe(200);
  expect((await ask('GET', FACTOR)).json()).toEqual({ enabled: true, demanded: false });
  const without = await login();
  expect([without.statusCode, without.json().code]).toEqual([401, 'code-needed']);
  expect(without.cookies).toEqual([]);
  const wrong = await login('000000');
  expect([wrong.statusCode, wrong.json().code]).toEqual([401, 'wrong-code']);
  const code = codeOf(offer.uri);
  expect((await login(`${code.slice(0, 3)} ${code.slice(3)}`)).statusCode).toBe(200);
});

test('it ends the sessions for which no code was asked', async () => {
  const { app, ask } = await suite.startSetUpServer();
  const other = createBrowser(app);
  await other.ask('POST', SESSION, { email, password });
  const { uri } = (await ask('POST', FACTOR, { password })).json();
  expect((await other.ask('GET', SESSION)).statusCode).toBe(200);
  await ask('POST', `${FACTOR}/confirm`, { code: codeOf(uri) });
  expect((await other.ask('GET', SESSION)).statusCode).toBe(401);
  expect((await ask('GET', SESSION)).statusCode).toBe(200);
});

test('a code that is sent twice confirms it all the same', async () => {
  const { ask, offer } = await startWithFactor();
  const again = await ask('POST', `${FACTOR}/confirm`, { code: codeOf(offer.uri) });
  expect(again.statusCode).toBe(204);
  expect((await ask('GET', SESSION)).statusCode).toBe(200);
});

describe('a code works once', () => {
  test('also that which has confirmed the second factor', async () => {
    const { ask, app } = await suite.startSetUpServer();
    const { uri } = (await ask('POST', FACTOR, { password })).json();
    const code = codeOf(uri);
    expect((await ask('POST', `${FACTOR}/confirm`, { code })).statusCode).toBe(204);
    const again = await createBrowser(app).ask('POST', SESSION, { email, password, code });
    expect(again.json().code).toBe('wrong-code');
  });

  test('and those before it are used up with it', async () => {
    const { login, offer } = await startWithFactor();
    expect((await login(codeOf(offer.uri, 1))).statusCode).toBe(200);
    expect((await login(codeOf(offer.uri, 1))).json().code).toBe('wrong-code');
    expect((await login(codeOf(offer.uri, 0))).json().code).toBe('wrong-code');
  });

  test.each(['code by time', 'recovery code'])(
    '%s, of many at one moment, in two processes',
    async (kind) => {
      const { app, login, offer } = await startWithFactor();
      const second = await suite.startServer();
      const code = kind === 'recovery code' ? offer.recoveryCodes[3] : codeOf(offer.uri);
      const answers = await Promise.all(
        [app, second.app, app, second.app, app, second.app].map((server) => login(code, server)),
      );
      expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([
        200,
        ...Array(5).fill(401),
      ]);
    },
  );

  test('two recovery codes at one moment both do', async () => {
    const { login, offer } = await startWithFactor();
    const answers = await Promise.all(offer.recoveryCodes.slice(0, 2).map((code) => login(code)));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200]);
  });
});

test('after ten wrong codes in a row the right one is refused, too, for a while', async () => {
  const { login, offer } = await startWithFactor();
  const { pool } = suite.database;
  // As many wrong ones before: the limit of logins would come first.
  await pool.query('update two_factors set "failedVerificationCount" = 8');
  expect((await login('000000')).json().code).toBe('wrong-code');
  expect((await pool.query('select "lockedUntil" from two_factors')).rows).toEqual([
    { lockedUntil: null },
  ]);
  expect((await login('000000')).json().code).toBe('wrong-code');
  expect((await login(codeOf(offer.uri))).json().code).toBe('wrong-code');
  expect((await login(offer.recoveryCodes[0])).json().code).toBe('wrong-code');
  await pool.query(`update two_factors set "lockedUntil" = now() - interval '1 second'`);
  expect((await login(codeOf(offer.uri))).statusCode).toBe(200);
});

test('neither secret nor recovery codes are stored as they are', async () => {
  const { offer } = await startWithFactor();
  const { rows } = await suite.database.pool.query('select * from two_factors');
  const stored = JSON.stringify(rows);
  const secret = secretOf(offer.uri);
  expect(secret.length).toBeGreaterThan(20);
  for (const told of [secret, ...offer.recoveryCodes]) expect(stored).not.toContain(told);
});

test('a recovery code opens once, and new ones replace the old', async () => {
  const { ask, login, offer } = await startWithFactor();
  const [first = '', second = ''] = offer.recoveryCodes;
  expect(new Set(offer.recoveryCodes).size).toBe(10);
  expect((await login(first)).statusCode).toBe(200);
  expect((await login(first)).json().code).toBe('wrong-code');
  const renewed = await ask('POST', `${FACTOR}/recovery-codes`, { password });
  expect((await login(second)).json().code).toBe('wrong-code');
  expect((await login(renewed.json().recoveryCodes[0])).statusCode).toBe(200);
});

test('it is set up and ended only with the password', async () => {
  const { ask, login } = await startWithFactor();
  const wrong = { password: 'not the password' };
  for (const [method, path] of [
    ['POST', FACTOR],
    ['DELETE', FACTOR],
    ['POST', `${FACTOR}/recovery-codes`],
  ] as const)
    expect((await ask(method, path, wrong)).json().code).toBe('wrong-password');
  expect((await ask('POST', FACTOR, { password })).json().code).toBe('second-factor-holds');
  expect((await ask('DELETE', FACTOR, { password })).statusCode).toBe(204);
  expect((await ask('GET', SESSION)).statusCode).toBe(200);
  expect((await login()).statusCode).toBe(200);
  const codes = await ask('POST', `${FACTOR}/recovery-codes`, { password });
  expect([codes.statusCode, codes.json().code]).toEqual([409, 'no-second-factor']);
});

test('a wrong first code sets nothing up', async () => {
  const { ask } = await suite.startSetUpServer();
  await ask('POST', FACTOR, { password });
  const wrong = await ask('POST', `${FACTOR}/confirm`, { code: '000000' });
  expect([wrong.statusCode, wrong.json().code]).toEqual([400, 'wrong-code']);
  expect((await ask('GET', FACTOR)).json().enabled).toBe(false);
});

describe('a site that demands it', () => {
  test('shows its members without one their account alone, until they have it', async () => {
    const { ask, join } = await startWithFactor();
    const viewer = await join('viewer@example.org', 'viewer');
    expect((await ask('PUT', RULES, { secondFactorDemanded: true })).statusCode).toBe(200);
    const refused = await viewer.ask('GET', '/example/api/v1/members');
    expect([refused.statusCode, refused.json().code]).toEqual([403, 'second-factor-demanded']);
    expect((await viewer.ask('GET', SESSION)).json().lacksSecondFactor).toBe(true);
    const own = { password: JOINER_PASSWORD };
    const { uri } = (await viewer.ask('POST', FACTOR, own)).json();
    await viewer.ask('POST', `${FACTOR}/confirm`, { code: codeOf(uri) });
    expect((await viewer.ask('GET', '/example/api/v1/members')).statusCode).toBe(200);
    expect((await ask('GET', '/example/api/v1/members')).statusCode).toBe(200);
  });

  test('is not made by somebody whom it would lock out', async () => {
    const { ask } = await suite.startSetUpServer();
    const reply = await ask('PUT', RULES, { secondFactorDemanded: true });
    expect([reply.statusCode, reply.json().code]).toEqual([409, 'own-second-factor-first']);
    expect((await ask('GET', RULES)).json()).toEqual({ secondFactorDemanded: false });
  });
});
