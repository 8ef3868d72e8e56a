import { randomUUID } from 'node:crypto';
import {
  notificationView,
  type TestMailResult,
  testMailResult,
} from '@netdelta/core/api/notifications.ts';
import { pageOf } from '@netdelta/core/api/page.ts';
import { buildDeltaOfService } from '@netdelta/core/delta/build-delta.ts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startSmtpServer, type TestSmtpServer } from '../channels/mail/start-smtp-server.ts';
import type { Database } from '../db/database.ts';
import { createTestDatabase, type TestDatabase } from '../db/testing/test-database.ts';
import { createTestServer, type TestServer } from '../http/testing/create-test-server.ts';
import { runScanAlert, runSend } from './jobs.ts';
import { notificationRoutes } from './routes.ts';
import { createAlertParts, type EnqueuedJob } from './testing/create-alert-parts.ts';
import { insertTestScan } from './testing/queries.ts';

type Parts = ReturnType<typeof createAlertParts>;

let testDatabase: TestDatabase;
let database: Database;
let smtp: TestSmtpServer;
let parts: Parts;
let server: TestServer;
const closers: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = testDatabase.database;
});
afterAll(() => testDatabase.close());
beforeEach(async () => {
  smtp = await startSmtpServer({
    onRcptTo: ({ address }, _session, done) =>
      address.startsWith('gone')
        ? done(Object.assign(new Error('no such user'), { responseCode: 550 }))
        : done(),
  });
  server = await startServer(`smtp://127.0.0.1:${smtp.port}`);
});
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
  await smtp.close();
});

async function startServer(smtpUrl?: string): Promise<TestServer> {
  parts = createAlertParts(database, smtpUrl);
  const started = await createTestServer(database, [notificationRoutes(parts)], {
    slug: `site-${randomUUID().slice(0, 8)}`,
  });
  closers.push(() => started.app.close());
  return started;
}

async function list(query = '') {
  const reply = await server.call('GET', `notifications${query}`);
  expect(reply.statusCode).toBe(200);
  return pageOf(notificationView).parse(reply.json());
}

async function sendTest(recipient: string, on = server): Promise<TestMailResult> {
  const reply = await on.call('POST', 'notifications/test', { recipient });
  expect(reply.statusCode).toBe(200);
  return testMailResult.parse(reply.json());
}

/** Letters of one scan, and one attempt at each. */
async function sendLetters(recipients: string[]): Promise<EnqueuedJob[]> {
  const siteId = server.site.id;
  const deltas = [buildDeltaOfService('service.opened')];
  const { scanId } = await insertTestScan(database, siteId, { recipients, deltas });
  await runScanAlert(parts, { siteId, scanId });
  const jobs = parts.jobs.splice(0);
  for (const { data } of jobs)
    if ('notificationId' in data) await runSend(parts, data, new AbortController().signal);
  return jobs;
}

describe('the list', () => {
  test('has the newest first, and says what became of each', async () => {
    await sendLetters(['ops@example.org', 'gone@example.org']);
    const { items, next } = await list();
    expect(next).toBeNull();
    expect(items).toMatchObject([
      { recipient: 'gone@example.org', status: 'failed', groupName: 'Office', sentAt: null },
      { recipient: 'ops@example.org', status: 'sent', attempts: 1, lastError: null },
    ]);
    expect(items[0]?.lastError).toContain('did not accept gone@example.org: 550 no such user');
    expect(items[1]?.text).toContain('Services Added');
  });

  test('comes page by page, each letter once', async () => {
    const recipients = ['a@x.org', 'b@x.org', 'c@x.org', 'd@x.org', 'e@x.org'];
    await sendLetters(recipients);
    const seen: string[] = [];
    let after = '';
    for (let pages = 0; pages < 9; pages += 1) {
      const page = await list(`?limit=2${after && `&after=${after}`}`);
      seen.push(...page.items.map(({ recipient }) => recipient));
      if (page.next === null) break;
      after = page.next;
    }
    expect(seen).toEqual(recipients.toReversed());
  });

  test('can be of one status', async () => {
    await sendLetters(['ops@example.org', 'gone@example.org']);
    const { items } = await list('?status=failed');
    expect(items.map(({ recipient }) => recipient)).toEqual(['gone@example.org']);
  });

  test('refuses a page that cannot be', async () => {
    const reply = await server.call('GET', 'notifications?after=x');
    expect(reply.statusCode).toBe(400);
  });

  test('is of one site', async () => {
    await sendLetters(['ops@example.org']);
    server = await startServer();
    expect((await list()).items).toEqual([]);
  });
});

describe('a test mail', () => {
  test('is sent at once, and is in the list', async () => {
    expect(await sendTest('me@example.org')).toEqual({
      delivered: true,
      message: 'The mail server took the test mail for me@example.org.',
    });
    expect(smtp.taken[0]?.to).toEqual(['me@example.org']);
    expect((await list()).items).toMatchObject([{ status: 'sent', scanId: null, attempts: 1 }]);
  });

  test('that is refused tells why, on the list too', async () => {
    const { delivered, message } = await sendTest('gone@example.org');
    expect(delivered).toBe(false);
    expect(message).toContain('550 no such user');
    expect((await list()).items).toMatchObject([{ status: 'failed', lastError: message }]);
  });

  test('without SMTP_URL tells what to set', async () => {
    const { delivered, message } = await sendTest('me@example.org', await startServer());
    expect(delivered).toBe(false);
    expect(message).toContain('SMTP_URL is not set');
  });

  test('needs an address', async () => {
    const reply = await server.call('POST', 'notifications/test', { recipient: 'nobody' });
    expect(reply.statusCode).toBe(400);
    expect(reply.json().problems).toMatchObject([{ path: 'recipient' }]);
  });
});

describe('trying again', () => {
  const retry = async (id: string | undefined) =>
    server.call('POST', `notifications/${id}/retry`, {});

  test('makes a failed letter due at once, with all its attempts before it', async () => {
    await sendLetters(['gone@example.org']);
    const [failed] = (await list()).items;
    const reply = await retry(failed?.id);
    expect(reply.statusCode).toBe(200);
    expect(notificationView.parse(reply.json())).toMatchObject({ status: 'queued', attempts: 0 });
    expect(parts.jobs).toMatchObject([{ data: { notificationId: failed?.id } }]);
  });

  test('leaves a letter alone that was sent', async () => {
    await sendLetters(['ops@example.org']);
    const [sent] = (await list()).items;
    const reply = await retry(sent?.id);
    expect(reply.statusCode).toBe(409);
    expect(reply.json().code).toBe('already-sent');
    expect(parts.jobs).toEqual([]);
  });

  test.each(['999999', 'x', '9'.repeat(40)])('of %s, which is not there', async (id) => {
    expect((await retry(id)).statusCode).toBeGreaterThanOrEqual(400);
    expect((await retry(id)).statusCode).toBeLessThan(500);
  });

  test('of another site is not possible', async () => {
    await sendLetters(['gone@example.org']);
    const [failed] = (await list()).items;
    server = await startServer();
    expect((await retry(failed?.id)).statusCode).toBe(404);
  });
});
