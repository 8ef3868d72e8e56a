import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { codeOf, secretOf } from './accounts/testing/totp.ts';
import { startWorkers } from './features.ts';
import { createLog } from './log.ts';
import { createWholeServer, type WholeServer } from './testing/create-whole-server.ts';

const OWN = 'correct horse battery';
const SECRETS = {
  wrongPassword: 'wrong-password-7d1c',
  newPassword: 'a wholly new pass phrase 91',
  clientSecret: 'client-secret-of-the-provider-5a',
  mailPassword: 'password-of-the-mail-server-3e',
  rowOfPostgres: 'kept-in-a-row-of-postgres-8b',
};

const lines: string[] = [];
let server: WholeServer;
beforeAll(async () => {
  const write = (line: string) => void lines.push(line);
  // Nobody listens there: every mail fails, and is complained about.
  const environment = { SMTP_URL: `smtp://me:${SECRETS.mailPassword}@127.0.0.1:1` };
  server = await createWholeServer(
    environment,
    createLog({ level: 'trace', readable: false, write }),
  );
});
afterAll(() => server.close());

interface Asking {
  readonly cookie?: string;
  readonly key?: string;
}

function ask(method: 'GET' | 'POST' | 'PUT', place: string, payload?: object, by: Asking = {}) {
  const { cookie, key } = by;
  return server.app.inject({
    method,
    url: place.startsWith('/') ? place : `/main/api/v1/${place}`,
    headers: {
      'sec-fetch-site': 'same-origin',
      'user-agent': SECRETS.rowOfPostgres,
      ...(cookie && { cookie }),
      ...(key && { authorization: `Bearer ${key}` }),
    },
    ...(payload && { payload }),
  });
}

it('no line of the log holds a secret, at whatever level and whatever fails', async () => {
  const seen: string[] = [OWN, ...Object.values(SECRETS)];
  const owner = { cookie: server.cookieOf('owner') };
  const remember = (...texts: string[]) => void seen.push(...texts);
  remember(decodeURIComponent(owner.cookie.split('=')[1] ?? ''));
  const email = (await ask('GET', 'session', undefined, owner)).json().user.email;
  await ask('POST', 'session', { email, password: SECRETS.wrongPassword });

  const offer = (await ask('POST', 'account/second-factor', { password: OWN }, owner)).json();
  remember(secretOf(offer.uri), offer.uri, ...offer.recoveryCodes);
  const codes = [-1, 0].map((step) => codeOf(offer.uri, step));
  await ask('POST', 'account/second-factor/confirm', { code: codes[0] }, owner);
  for (const code of [codes[1], '000000', offer.recoveryCodes[0]]) {
    const login = await ask('POST', 'session', { email, password: OWN, code });
    remember(...login.cookies.map(({ value }) => value));
  }

  const keyRequest = { name: 'k', scopes: ['read'], expiresAt: null };
  const { token: key } = (await ask('POST', 'api-keys', keyRequest, owner)).json();
  remember(key);
  expect((await ask('GET', 'groups', undefined, { key })).statusCode).toBe(200);
  await ask('GET', 'groups', undefined, { key: `${key.slice(0, -1)}x` });

  const invitation = { email: 'new@example.org', role: 'viewer', delivery: 'link' };
  const { link } = (await ask('POST', 'invitations', invitation, owner)).json();
  const token = new URL(link).searchParams.get('token') ?? '';
  remember(token);
  await ask('GET', `/main/invitation?token=${token}`);
  await ask('GET', `invitation/accept?token=${token}`);
  const accepted = { token, name: 'New', password: SECRETS.newPassword };
  const joined = await ask('POST', 'invitation/accept', accepted);
  expect(joined.statusCode).toBe(200);
  remember(...joined.cookies.map(({ value }) => value));
  await ask('POST', 'password-resets', { email });
  await ask(
    'POST',
    'invitations',
    { ...invitation, email: 'mail@example.org', delivery: 'mail' },
    owner,
  );

  const provider = {
    ...{ enabled: true, label: 'P', issuer: 'http://127.0.0.1:9', clientId: 'c', scopes: 'openid' },
    ...{
      groupsClaim: 'groups',
      roles: [],
      otherwise: 'viewer',
      admitsNew: true,
      linksByEmail: false,
    },
    ...{ passwordAllowed: true, secondFactor: 'asserted', sessionHours: 10 },
    clientSecret: SECRETS.clientSecret,
  };
  expect((await ask('PUT', 'sign-on', provider, owner)).statusCode).toBeLessThan(300);
  await ask('POST', 'sign-on/check', provider, owner);
  await ask('GET', 'sign-on/start');

  // Failures inside, which are logged as a whole.
  const { pool } = server.database;
  await pool.query('alter table sessions add constraint no_more check (false) not valid');
  const join = { email: invitation.email, password: SECRETS.newPassword };
  // A session's row has its token and, as the test can know, its user agent.
  expect((await ask('POST', 'session', join)).statusCode).toBe(500);

  await startWorkers(server.parts);
  await vi.waitUntil(() => /invitation|mail/i.test(lines.filter(isComplaint).join('')), {
    timeout: 15_000,
  });

  const all = lines.join('');
  expect(all).toContain('no_more');
  expect(lines.length).toBeGreaterThan(2);
  expect(seen.filter((text) => text.length < 5)).toEqual([]);
  expect(
    seen.filter((text) => all.includes(text) || all.includes(encodeURIComponent(text))),
  ).toEqual([]);
});

function isComplaint(line: string): boolean {
  return JSON.parse(line).level >= 40;
}
