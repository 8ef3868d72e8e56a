import { ownSession } from '@netdelta/core/api/people.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSmtpServer, type TestSmtpServer } from '../../channels/mail/start-smtp-server.ts';
import type { JobData } from '../../queue/queue.ts';
import { buildSetupRequest } from '../testing/build-setup-request.ts';
import { createBrowser } from '../testing/create-account-server.ts';
import { createAccountSuite, tokenIn } from '../testing/create-account-suite.ts';
import { sendReset } from './send-reset.ts';

const suite = createAccountSuite();
const ACCOUNT = '/example/api/v1/account';
const SESSION = '/example/api/v1/session';
const RESETS = '/example/api/v1/password-resets';
const { email, password } = buildSetupRequest();
const NEW = 'seven purple elephants';

let smtp: TestSmtpServer;
beforeAll(async () => {
  smtp = await startSmtpServer();
});
afterAll(() => smtp.close());

const startWithMail = () => suite.startSetUpServer({ smtpUrl: `smtp://127.0.0.1:${smtp.port}` });

test('a new name is seen by all', async () => {
  const { ask } = await suite.startSetUpServer();
  expect((await ask('PUT', ACCOUNT, { name: ' ' })).statusCode).toBe(400);
  await ask('PUT', ACCOUNT, { name: ' Ada King ' });
  expect((await ask('GET', SESSION)).json().user.name).toBe('Ada King');
});

describe('changing the password', () => {
  test('asks the old one, and ends all other sessions', async () => {
    const { ask, app } = await suite.startSetUpServer();
    const other = createBrowser(app);
    await other.ask('POST', SESSION, { email, password });
    const change = { oldPassword: password, password: NEW };
    expect((await ask('PUT', `${ACCOUNT}/password`, change)).statusCode).toBe(204);
    expect((await ask('GET', SESSION)).statusCode).toBe(200);
    expect((await other.ask('GET', SESSION)).statusCode).toBe(401);
    expect((await other.ask('POST', SESSION, { email, password })).statusCode).toBe(401);
    expect((await other.ask('POST', SESSION, { email, password: NEW })).statusCode).toBe(200);
  });

  test.each([
    ['wrong-password', { oldPassword: 'not the old one', password: NEW }],
    ['weak-password', { oldPassword: password, password: 'lovelace1815' }],
    ['invalid', { oldPassword: password, password: 'short' }],
  ])('is refused with %s, and changes nothing', async (code, change) => {
    const { ask } = await suite.startSetUpServer();
    const reply = await ask('PUT', `${ACCOUNT}/password`, change);
    expect([reply.statusCode, reply.json().code]).toEqual([400, code]);
    expect((await ask('POST', SESSION, { email, password })).statusCode).toBe(200);
  });

  test('does not let an open browser guess the old one', async () => {
    const { ask } = await suite.startSetUpServer();
    const change = { oldPassword: 'not the old one', password: NEW };
    const statuses: number[] = [];
    for (let count = 0; count < 11; count += 1)
      statuses.push((await ask('PUT', `${ACCOUNT}/password`, change)).statusCode);
    expect(statuses.at(-1)).toBe(429);
  });
});

describe('sessions', () => {
  test('are listed with where they are used, and end when they are revoked', async () => {
    const { ask, app } = await suite.startSetUpServer();
    const other = createBrowser(app);
    await other.ask('POST', SESSION, { email, password });
    const { items } = (await ask('GET', `${ACCOUNT}/sessions`)).json();
    const sessions = items.map((item: object) => ownSession.parse(item));
    expect(sessions).toHaveLength(2);
    expect(sessions[0]).toMatchObject({ address: '127.0.0.1', userAgent: 'lightMyRequest' });
    const foreign = sessions.find(({ current }: { current: boolean }) => !current);
    expect((await ask('DELETE', `${ACCOUNT}/sessions/${foreign?.id}`)).statusCode).toBe(204);
    expect((await other.ask('GET', SESSION)).statusCode).toBe(401);
    expect((await ask('DELETE', `${ACCOUNT}/sessions/${foreign?.id}`)).statusCode).toBe(404);
  });

  test('of others are neither seen nor ended', async () => {
    const { ask, join } = await suite.startSetUpServer();
    const viewer = await join('viewer@example.org', 'viewer');
    const [session] = (await ask('GET', `${ACCOUNT}/sessions`)).json().items;
    const { items } = (await viewer.ask('GET', `${ACCOUNT}/sessions`)).json();
    expect(items).toHaveLength(1);
    expect((await viewer.ask('DELETE', `${ACCOUNT}/sessions/${session.id}`)).statusCode).toBe(404);
    await viewer.ask('DELETE', `${ACCOUNT}/sessions`);
    expect((await ask('GET', SESSION)).statusCode).toBe(200);
  });

  test('tell their last use to the minute', async () => {
    const { ask } = await suite.startSetUpServer();
    const { pool } = suite.database;
    const age = async () => {
      const { rows } = await pool.query<{ age: number }>(
        'select extract(epoch from now() - last_used_at)::int as age from sessions',
      );
      return rows[0]?.age ?? -1;
    };
    await ask('GET', SESSION);
    await pool.query("update sessions set last_used_at = now() - interval '1 hour'");
    const restarted = await suite.startServer();
    const asks = await ask('GET', SESSION);
    expect(asks.statusCode).toBe(200);
    expect(await age()).toBeGreaterThan(3_000);
    const cookie = asks.cookies[0];
    await restarted.app.inject({
      url: SESSION,
      headers: { cookie: `${cookie?.name}=${encodeURIComponent(cookie?.value ?? '')}` },
    });
    expect(await age()).toBeLessThan(60);
  });
});

describe('a forgotten password', () => {
  const send = async (parts: Awaited<ReturnType<typeof startWithMail>>['parts']) => {
    const job = parts.jobs.at(-1)?.data as JobData['password-reset.send'];
    await sendReset(parts, job, new AbortController().signal);
    const text = smtp.taken.at(-1)?.message.replaceAll('=\r\n', '').replaceAll('=3D', '=') ?? '';
    return /https:\S+token=[\w-]+/.exec(text)?.[0] ?? '';
  };

  test('is replaced through a mail, once; all sessions end', async () => {
    const { ask, parts } = await startWithMail();
    expect((await ask('POST', RESETS, { email: email.toUpperCase() })).statusCode).toBe(202);
    const link = await send(parts);
    expect(link).toContain('https://nd.example/example/new-password?token=');
    const body = { token: tokenIn(link), password: NEW };
    const weak = await ask('POST', `${RESETS}/use`, { ...body, password: 'lovelace1815' });
    expect(weak.json().code).toBe('weak-password');
    expect((await ask('POST', `${RESETS}/use`, body)).statusCode).toBe(204);
    expect((await ask('GET', SESSION)).statusCode).toBe(401);
    expect((await ask('POST', SESSION, { email, password: NEW })).statusCode).toBe(200);
    const again = await ask('POST', `${RESETS}/use`, body);
    expect([again.statusCode, again.json().code]).toEqual([410, 'reset-ended']);
  });

  test('tells nobody whether an address has an account', async () => {
    const { ask, parts } = await startWithMail();
    const known = await ask('POST', RESETS, { email });
    const unknown = await ask('POST', RESETS, { email: 'eve@example.org' });
    expect([unknown.statusCode, unknown.body]).toEqual([known.statusCode, known.body]);
    expect(parts.jobs.map(({ name }) => name)).toEqual(Array(2).fill('password-reset.send'));
    const mails = smtp.taken.length;
    await send(parts);
    expect(smtp.taken).toHaveLength(mails);
  });

  test('is asked for as often as one likes, and sent three times an hour', async () => {
    const { ask, parts } = await startWithMail();
    for (let count = 0; count < 5; count += 1)
      expect((await ask('POST', RESETS, { email })).statusCode).toBe(202);
    expect(parts.jobs).toHaveLength(3);
  });

  test('needs a mail server, and says what else helps', async () => {
    const { ask } = await suite.startSetUpServer();
    const reply = await ask('POST', RESETS, { email });
    expect([reply.statusCode, reply.json().message]).toEqual([
      409,
      expect.stringContaining('netdelta user reset-password'),
    ]);
  });

  test('is known again, and changed: the link that was asked for ends', async () => {
    const { ask, parts } = await startWithMail();
    await ask('POST', RESETS, { email });
    const token = tokenIn(await send(parts));
    await ask('PUT', `${ACCOUNT}/password`, { oldPassword: password, password: NEW });
    const use = await ask('POST', `${RESETS}/use`, { token, password: 'nine yellow submarines' });
    expect(use.statusCode).toBe(410);
  });

  test('a newer link ends the older, and an hour ends both', async () => {
    const { ask, parts } = await startWithMail();
    await ask('POST', RESETS, { email });
    const use = async (link: string) =>
      (await ask('POST', `${RESETS}/use`, { token: tokenIn(link), password: NEW })).statusCode;
    const older = await send(parts);
    const newer = await send(parts);
    expect(await use(older)).toBe(410);
    await suite.database.pool.query(
      "update password_resets set expires_at = now() - interval '1 s'",
    );
    expect(await use(newer)).toBe(410);
  });
});
