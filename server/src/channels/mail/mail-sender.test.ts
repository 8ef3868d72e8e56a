import { createServer } from 'node:net';
import type { SMTPServerOptions } from 'smtp-server';
import { afterEach, describe, expect, test } from 'vitest';
import { MailFailure } from './mail-failure.ts';
import { createMailSender, type MailSettings } from './mail-sender.ts';
import { startSmtpServer, type TestSmtpServer } from './start-smtp-server.ts';

const letter = { subject: 'NetDelta found 1 change', text: 'Grüße\n', html: '<p>Grüße</p>' };
const mail = { ...letter, recipient: 'ops@example.org', key: 'n1' };
const open: TestSmtpServer[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

async function startServer(options: SMTPServerOptions = {}): Promise<TestSmtpServer> {
  const server = await startSmtpServer(options);
  open.push(server);
  return server;
}

const buildSettings = (overrides: Partial<MailSettings> = {}): MailSettings => ({
  smtpUrl: undefined,
  from: 'NetDelta <netdelta@example.org>',
  timeoutMs: 5_000,
  ...overrides,
});

async function failureOf(settings: Partial<MailSettings>): Promise<MailFailure> {
  const failure = await createMailSender(buildSettings(settings))
    .send(mail)
    .catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(MailFailure);
  return failure as MailFailure;
}

/** An error as smtp-server answers it, with its reply code. */
const reply = (responseCode: number, text: string) =>
  Object.assign(new Error(text), { responseCode });

describe('a mail', () => {
  test('arrives in both forms, with its own identity', async () => {
    const server = await startServer();
    const smtpUrl = `smtp://127.0.0.1:${server.port}`;
    await createMailSender(buildSettings({ smtpUrl })).send(mail);
    const [taken] = server.taken;
    expect(taken?.from).toBe('netdelta@example.org');
    expect(taken?.to).toEqual(['ops@example.org']);
    for (const part of [
      'Subject: NetDelta found 1 change',
      'Message-ID: <n1@example.org>',
      'Auto-Submitted: auto-generated',
      'text/plain; charset=utf-8',
      'text/html; charset=utf-8',
    ])
      expect(taken?.message).toContain(part);
  });

  test('logs in with user and password, escaped characters too', async () => {
    const seen: unknown[] = [];
    const server = await startServer({
      authOptional: false,
      onAuth: ({ username, password }, _session, done) => {
        seen.push([username, password]);
        done(null, { user: 'u' });
      },
    });
    const smtpUrl = `smtp://nd:p%40ss%3A@127.0.0.1:${server.port}`;
    await createMailSender(buildSettings({ smtpUrl })).send(mail);
    expect(seen).toEqual([['nd', 'p@ss:']]);
    expect(server.taken).toHaveLength(1);
  });

  test('goes to one address, whatever is written in it', async () => {
    const server = await startServer();
    const sender = createMailSender(buildSettings({ smtpUrl: `smtp://127.0.0.1:${server.port}` }));
    await sender.send({ ...mail, recipient: 'a@example.org, b@example.org' }).catch(() => {});
    expect(server.taken.flatMap(({ to }) => to)).not.toContain('b@example.org');
  });
});

interface Refusal {
  readonly name: string;
  readonly options: SMTPServerOptions;
  readonly code: string;
  readonly retryable: boolean;
  readonly says: string;
}

const REFUSALS: Refusal[] = [
  {
    name: 'a recipient refused for good',
    options: { onRcptTo: (_to, _session, done) => done(reply(550, 'no such user')) },
    code: 'recipient',
    retryable: false,
    says: 'did not accept ops@example.org: 550 no such user',
  },
  {
    name: 'a recipient refused for now',
    options: { onRcptTo: (_to, _session, done) => done(reply(450, 'greylisted')) },
    code: 'recipient',
    retryable: true,
    says: '450 greylisted',
  },
  {
    name: 'a sender refused',
    options: { onMailFrom: (_from, _session, done) => done(reply(553, 'not yours')) },
    code: 'sender',
    retryable: true,
    says: 'Check NETDELTA_MAIL_FROM',
  },
  {
    name: 'a message refused for good',
    options: {
      onData: (stream, _session, done) => {
        stream.resume();
        stream.on('end', () => done(reply(554, 'looks like spam')));
      },
    },
    code: 'message',
    retryable: false,
    says: '554 looks like spam',
  },
  {
    name: 'a login refused',
    options: {
      authOptional: false,
      onAuth: ({ password }, _session, done) => done(new Error(`wrong password ${password}`)),
    },
    code: 'auth',
    retryable: true,
    says: 'did not accept the login of nd: 535 wrong password ***. Check user and password in SMTP_URL',
  },
  {
    name: 'a certificate that nobody vouches for',
    options: { disabledCommands: [] },
    code: 'tls',
    retryable: true,
    says: 'no secure connection',
  },
];

describe('a refusal says what was refused, and whether to try again', () => {
  test.each(REFUSALS)('$name', async ({ options, code, retryable, says }) => {
    const { port } = await startServer(options);
    const failure = await failureOf({ smtpUrl: `smtp://nd:s3cret-pw@127.0.0.1:${port}` });
    expect({ code: failure.code, retryable: failure.retryable }).toEqual({ code, retryable });
    expect(failure.message).toContain(says);
    expect(failure.message).toContain(`smtp://127.0.0.1:${port}`);
    expect(`${failure.message} ${failure.cause} ${failure.stack}`).not.toContain('s3cret-pw');
  });
});

describe('without a server', () => {
  test('nobody listens', async () => {
    const { port, close } = await startSmtpServer();
    await close();
    const failure = await failureOf({ smtpUrl: `smtp://127.0.0.1:${port}` });
    expect(failure).toMatchObject({ code: 'unreachable', retryable: true });
    expect(failure.message).toContain('refused the connection');
  });

  test('somebody listens and says nothing', async () => {
    const mute = createServer((socket) => socket.on('error', () => {}));
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    const { port } = mute.address() as { port: number };
    const failure = await failureOf({ smtpUrl: `smtp://127.0.0.1:${port}`, timeoutMs: 300 });
    mute.close();
    expect(failure).toMatchObject({ code: 'timed-out', retryable: true });
    expect(failure.message).toContain('did not answer within 0.3 s');
  });

  test('the worker is told to stop', async () => {
    const mute = createServer((socket) => socket.on('error', () => {}));
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    const { port } = mute.address() as { port: number };
    const sender = createMailSender(buildSettings({ smtpUrl: `smtp://127.0.0.1:${port}` }));
    const failure = await sender.send(mail, AbortSignal.timeout(100)).catch((error) => error);
    mute.close();
    expect(failure).toMatchObject({ code: 'cancelled', retryable: true });
  });
});

describe('settings', () => {
  test.each([
    [undefined, 'SMTP_URL is not set'],
    ['  ', 'SMTP_URL is not set'],
    ['mail.example.org', 'SMTP_URL is not a URL'],
    ['http://user:s3cret-pw@mail.example.org', 'It has to begin with smtp://'],
    ['smtp://', 'SMTP_URL names no server'],
    ['smtp://user:s3cret-pw%zz@mail.example.org', 'Write it as %25'],
  ])('%s: not configured, and says what to do', async (smtpUrl, says) => {
    const sender = createMailSender(buildSettings({ smtpUrl }));
    expect(sender.configured).toBe(false);
    expect(sender.note).toContain(says);
    const failure = await failureOf({ smtpUrl });
    expect(failure).toMatchObject({ code: 'not-configured', retryable: true });
    expect(failure.message).not.toContain('s3cret-pw');
  });

  test('the note names the server, not the login', () => {
    const { note } = createMailSender(buildSettings({ smtpUrl: 'smtps://u:s3cret-pw@mx.test' }));
    expect(note).toBe(
      'Mail is sent through smtps://mx.test:465 as NetDelta <netdelta@example.org>.',
    );
  });
});
