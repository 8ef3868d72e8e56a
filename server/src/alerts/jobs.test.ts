import { buildDeltaOfHost, buildDeltaOfService } from '@netdelta/core/delta/build-delta.ts';
import { buildRated } from '@netdelta/core/evidence/build-rated.ts';
import type { SMTPServerOptions } from 'smtp-server';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { startSmtpServer, type TestSmtpServer } from '../channels/mail/start-smtp-server.ts';
import type { Database } from '../db/database.ts';
import { buildSite } from '../db/testing/build-site.ts';
import {
  createTestDatabase,
  createTestQueue,
  type TestDatabase,
} from '../db/testing/test-database.ts';
import { type AlertParts, runScanAlert, runSend, startAlertWorkers } from './jobs.ts';
import { updateToClaimed } from './outbox/queries.ts';
import { createAlertParts, type EnqueuedJob } from './testing/create-alert-parts.ts';
import { insertTestScan, selectAllNotifications, updateToOverdue } from './testing/queries.ts';

const opened = (host: number) =>
  buildDeltaOfService('service.opened', {
    subject: { address: `10.0.0.${host}`, protocol: 'tcp', port: 22 },
    after: { state: 'open', reason: 'syn-ack' },
  });
const never = new AbortController().signal;

let testDatabase: TestDatabase;
let database: Database;
let smtp: TestSmtpServer;
let parts: AlertParts & { readonly jobs: EnqueuedJob[] };
let siteId: string;
let slug: string;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = testDatabase.database;
});
afterAll(() => testDatabase.close());
beforeEach(async () => {
  ({ siteId, slug } = await buildSite(database, { timeZone: 'Europe/Berlin' }));
  await useSmtpServer();
});
afterEach(() => smtp.close());

async function useSmtpServer(options?: SMTPServerOptions): Promise<void> {
  await smtp?.close();
  smtp = await startSmtpServer(options);
  parts = createAlertParts(database, `smtp://127.0.0.1:${smtp.port}`);
}

const rows = () => selectAllNotifications(database.system, siteId);
const refuseWith = (responseCode: number): SMTPServerOptions => ({
  onRcptTo: (_to, _session, done) => done(Object.assign(new Error('no'), { responseCode })),
});

/** A letter in the outbox. */
async function queueLetter(name = 'Office'): Promise<{ siteId: string; notificationId: string }> {
  const { scanId } = await insertTestScan(database, siteId, { name, deltas: [opened(1)] });
  await runScanAlert(parts, { siteId, scanId });
  const notificationId = (await rows()).at(-1)?.id ?? '';
  parts.jobs.splice(0);
  return { siteId, notificationId };
}

describe('the end of a scan', () => {
  test('with deltas puts one letter for each person into the outbox, and enqueues it', async () => {
    const { scanId } = await insertTestScan(database, siteId, {
      recipients: ['a@example.org', 'B@example.org', 'b@example.org'],
      deltas: [opened(1), buildDeltaOfHost('host.down')],
    });
    await runScanAlert(parts, { siteId, scanId });
    expect(await rows()).toMatchObject([
      { recipient: 'a@example.org', subject: 'NetDelta found 2 changes in Office' },
      { recipient: 'B@example.org', status: 'queued', attempts: 0 },
    ]);
    const [first] = await rows();
    expect(first?.text).toContain('24 Nov 2026, 02:12 CET');
    expect(first?.html).toContain(`https://nd.example/${slug}/scans/${scanId}`);
    expect(parts.jobs.map(({ data }) => data)).toEqual(
      (await rows()).map(({ id }) => ({ siteId, notificationId: id })),
    );
  });

  test('told twice writes and enqueues nothing twice', async () => {
    const { scanId } = await insertTestScan(database, siteId, { deltas: [opened(1)] });
    await Promise.all([
      runScanAlert(parts, { siteId, scanId }),
      runScanAlert(parts, { siteId, scanId }),
    ]);
    expect(await rows()).toHaveLength(1);
    expect(parts.jobs).toHaveLength(1);
  });

  test('counts all changes and shows the first of each heading', async () => {
    const deltas = Array.from({ length: 25 }, (_, n) => opened(25 - n));
    const { scanId } = await insertTestScan(database, siteId, { deltas });
    await runScanAlert(parts, { siteId, scanId });
    const [letter] = await rows();
    expect(letter?.subject).toBe('NetDelta found 25 changes in Office');
    expect(letter?.text).toContain('+5 more');
    expect(letter?.text).toContain('10.0.0.20: tcp/22 opened');
    expect(letter?.text).not.toContain('10.0.0.21: tcp/22 opened');
  });

  test('shows the most urgent first, and counts the ratings of all', async () => {
    const green = buildRated({ rating: 'green', history: { last: 2, times: 9 } });
    const deltas = [
      ...Array.from({ length: 21 }, (_, n) => ({ ...opened(n + 1), rated: green })),
      { ...opened(200), rated: buildRated() },
      buildDeltaOfHost('host.down'),
    ];
    const { scanId } = await insertTestScan(database, siteId, { deltas });
    await runScanAlert(parts, { siteId, scanId });
    const [letter] = await rows();
    expect(letter?.text).toMatch(/^Rated: +1 red, 21 green$/m);
    expect(letter?.text).toMatch(
      /Services Added\n-+\nRED {3}10\.0\.0\.200: tcp\/22 opened \[never\]\nGREEN 10\.0\.0\.1: tcp\/22 opened \[2 scans ago\]\n/,
    );
    expect(letter?.text).toContain('+2 more');
  });

  test.each([
    ['without deltas', { deltas: [] }],
    ['without recipients', { deltas: [opened(1)], recipients: [] }],
  ])('%s gives no letter', async (_, scan) => {
    const { scanId } = await insertTestScan(database, siteId, scan);
    await runScanAlert(parts, { siteId, scanId });
    expect(await rows()).toEqual([]);
  });

  test('by failure says why', async () => {
    const problems = JSON.stringify([{ what: 'nmap', message: 'nmap was killed' }]);
    const scan = { status: 'failed', problems } as const;
    const { scanId } = await insertTestScan(database, siteId, scan);
    await runScanAlert(parts, { siteId, scanId });
    expect(await rows()).toMatchObject([{ subject: 'Scan of Office failed: nmap was killed' }]);
  });

  test('whose letters cannot be enqueued leaves none behind', async () => {
    const { scanId } = await insertTestScan(database, siteId, { deltas: [opened(1)] });
    const queue = { ...parts.queue, enqueue: () => Promise.reject(new Error('queue away')) };
    await expect(runScanAlert({ ...parts, queue }, { siteId, scanId })).rejects.toThrow('away');
    expect(await rows()).toEqual([]);
  });
});

describe('a letter', () => {
  test('is sent once, whoever asks again', async () => {
    const job = await queueLetter();
    await runSend(parts, job, never);
    await runSend(parts, job, never);
    expect(smtp.taken.map(({ to }) => to)).toEqual([['ops@example.org']]);
    expect(await rows()).toMatchObject([
      { status: 'sent', attempts: 1, last_error: null, next_attempt_at: null },
    ]);
    expect(parts.jobs).toEqual([]);
  });

  test('is sent once by two workers that have it at the same time; the other looks again later', async () => {
    const job = await queueLetter();
    await useSmtpServer({
      onMailFrom: (_from, _session, done) => setTimeout(done, 300),
    });
    await Promise.all([runSend(parts, job, never), runSend(parts, job, never)]);
    expect(smtp.taken).toHaveLength(1);
    expect(parts.jobs).toEqual([expect.objectContaining({ name: 'notification.send', data: job })]);
    expect(parts.jobs[0]?.options?.startAfter?.getTime()).toBeGreaterThan(Date.now() + 30_000);
  });

  test('refused for now waits, with the reason, and is tried again', async () => {
    const job = await queueLetter();
    await useSmtpServer(refuseWith(450));
    await runSend(parts, job, never);
    const [row] = await rows();
    expect(row).toMatchObject({ status: 'queued', attempts: 1 });
    expect(row?.last_error).toContain('450 no');
    expect(parts.jobs).toMatchObject([
      { data: job, options: { startAfter: row?.next_attempt_at } },
    ]);
    expect(row?.next_attempt_at?.getTime()).toBeGreaterThan(Date.now() + 50_000);
  });

  test.each([
    ['refused for good', 550, 0],
    ['refused for now, for the last time', 450, 8],
  ])('%s has failed, with the reason', async (_, code, attempts) => {
    const job = await queueLetter();
    await updateToOverdue(database.system, job.notificationId, attempts);
    await useSmtpServer(refuseWith(code));
    await runSend(parts, job, never);
    const [row] = await rows();
    expect(row).toMatchObject({ status: 'failed', attempts: attempts + 1, next_attempt_at: null });
    expect(row?.last_error).toContain(`${code} no`);
    expect(parts.jobs).toEqual([]);
  });

  test('without a mail server to send through says what to set, and waits', async () => {
    const job = await queueLetter();
    parts = createAlertParts(database, undefined);
    await runSend(parts, job, never);
    const [row] = await rows();
    expect(row?.last_error).toContain('SMTP_URL is not set');
    expect(row?.status).toBe('queued');
  });

  test('whose worker is told to stop goes back as if nothing had been tried', async () => {
    const job = await queueLetter();
    await useSmtpServer({ onMailFrom: (_from, _session, done) => setTimeout(done, 2_000) });
    await runSend(parts, job, AbortSignal.timeout(200));
    expect(smtp.taken).toEqual([]);
    expect(await rows()).toMatchObject([{ status: 'queued', attempts: 0, last_error: null }]);
    expect(parts.jobs).toMatchObject([{ data: job, options: { key: job.notificationId } }]);
  });

  test('of a worker that vanished is sent when the lease has ended, under one identity', async () => {
    const job = await queueLetter();
    await database.withSite(siteId, (tx) => updateToClaimed(tx, job.notificationId));
    await runSend(parts, job, never);
    expect(smtp.taken).toEqual([]);
    expect(parts.jobs).toHaveLength(1);
    await updateToOverdue(database.system, job.notificationId);
    await runSend(parts, job, never);
    expect(smtp.taken[0]?.message).toContain(`<${job.notificationId}.${siteId}@example.org>`);
    expect(await rows()).toMatchObject([{ status: 'sent', attempts: 2 }]);
  });
});

test('a start takes up the letters whose job was lost, and no others', async () => {
  const lost = await queueLetter();
  await updateToOverdue(database.system, lost.notificationId);
  const due = await queueLetter('Laboratory');
  await startAlertWorkers(parts);
  const taken = parts.jobs.map(({ data }) => data);
  expect(taken).toContainEqual(lost);
  expect(taken).not.toContainEqual(due);
});

test('through the real queue, a scan with deltas ends in a mail, and a refused one waits for its time', async () => {
  const { scanId } = await insertTestScan(database, siteId, {
    recipients: ['now@example.org', 'slow@example.org'],
    deltas: [opened(1)],
  });
  await useSmtpServer({
    onRcptTo: ({ address }, _session, done) =>
      address.startsWith('slow')
        ? done(Object.assign(new Error('busy'), { responseCode: 451 }))
        : done(),
  });
  const queue = await createTestQueue(database);
  try {
    await startAlertWorkers({ ...parts, queue });
    await database.withSite(siteId, (tx) => queue.enqueue(tx, 'alert.scan', { siteId, scanId }));
    await vi.waitFor(
      async () =>
        expect(await rows()).toMatchObject([
          { status: 'sent', attempts: 1 },
          { status: 'queued', attempts: 1, last_error: expect.stringContaining('451 busy') },
        ]),
      { timeout: 15_000 },
    );
    // The overdue letter of the test before may come, too.
    const taken = smtp.taken.flatMap(({ to }) => to);
    expect(taken.filter((address) => address === 'now@example.org')).toHaveLength(1);
    expect(taken).not.toContain('slow@example.org');
  } finally {
    await queue.stop(2_000);
  }
});
