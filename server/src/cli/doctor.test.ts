import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Fastify from 'fastify';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startSmtpServer } from '../channels/mail/start-smtp-server.ts';
import { startEmbedded } from '../db/embedded.ts';
import { createTestDatabase } from '../db/testing/test-database.ts';
import type { Check } from './doctor/check.ts';
import { createDoctorCommand } from './doctor.ts';
import { runCommand } from './testing/run-command.ts';

let folder: string;
const closers: (() => Promise<unknown>)[] = [];
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'netdelta-doctor-'));
});
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
  await rm(folder, { recursive: true, force: true });
});

/** Runs the doctor on a free port and the test's own folder; `find` gives one check by its name. */
async function examine(environment: NodeJS.ProcessEnv = {}) {
  const { code, stdout } = await runCommand(createDoctorCommand, ['--json'], {
    environment: { PATH: process.env.PATH, PORT: '0', NETDELTA_DATA_DIR: folder, ...environment },
  });
  const checks: Check[] = JSON.parse(stdout).checks;
  return { code, checks, find: (what: string) => checks.find((check) => check.what === what) };
}

/** Listens on a free port of loopback and says `greeting` to whoever connects. */
async function listen(greeting: string): Promise<number> {
  const server: Server = createServer((socket) => {
    socket
      .on('error', () => undefined)
      .resume()
      .end(greeting);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  closers.push(() => new Promise((done) => server.close(done)));
  return (server.address() as AddressInfo).port;
}

it('finds nothing wrong with a new folder, leaves it empty, and prints a line for each check', async () => {
  const { code, find } = await examine();
  expect(find('database')).toMatchObject({ status: 'ok' });
  expect(find('mail')).toMatchObject({
    status: 'warning',
    remedy: expect.stringContaining('SMTP_URL'),
  });
  expect(await readdir(folder)).toEqual([]);
  const { stdout } = await runCommand(createDoctorCommand, [], {
    environment: { PATH: process.env.PATH, PORT: '0', NETDELTA_DATA_DIR: folder },
  });
  expect(stdout).toMatch(/^ok {7}Node\.js: /);
  // Whether the pages are built is not for this test to say.
  expect(code).toBe(find('pages')?.status === 'ok' ? 0 : 3);
});

it('finds all that is wrong at once, and tells no secret', async () => {
  await writeFile(path.join(folder, 'secret-key'), 'x');
  await chmod(path.join(folder, 'secret-key'), 0o644);
  const { code, checks, find } = await examine({
    PORT: '70000',
    SMTP_URL: 'smtp://me:hidden@127.0.0.1:1',
    DATABASE_URL: 'postgres://me:hidden@127.0.0.1:1/none',
    PATH: folder,
  });
  expect(code).toBe(3);
  expect(find('environment')?.message).toContain('PORT has to be');
  expect(find('secret key')).toMatchObject({ status: 'failed' });
  expect(find('mail')?.message).toContain('smtp://127.0.0.1:1 cannot be reached');
  expect(find('database')?.message).toContain('"none" at 127.0.0.1:1');
  expect(find('engine nmap')).toMatchObject({ status: 'warning' });
  expect(JSON.stringify(checks)).not.toContain('hidden');
});

it('a data folder below a file cannot be', async () => {
  await writeFile(path.join(folder, 'file'), '');
  const { find } = await examine({ NETDELTA_DATA_DIR: path.join(folder, 'file', 'data') });
  expect(find('data folder')).toMatchObject({ status: 'failed' });
});

it('a mail server is greeted, and nothing is sent', async () => {
  const smtp = await startSmtpServer();
  closers.push(smtp.close);
  const { find } = await examine({ SMTP_URL: `smtp://127.0.0.1:${smtp.port}` });
  expect(find('mail')).toMatchObject({ status: 'ok' });
  expect(smtp.taken).toEqual([]);
});

it('what listens there but is no mail server is a failure', async () => {
  const { find } = await examine({ SMTP_URL: `smtp://127.0.0.1:${await listen('SSH-2.0-x\r\n')}` });
  expect(find('mail')).toMatchObject({ status: 'failed' });
});

it('tells a NetDelta that runs from another program on the port', async () => {
  const other = await listen('HTTP/1.0 200 OK\r\n\r\n{"status":"alive and well"}');
  expect((await examine({ PORT: String(other) })).find('port')).toMatchObject({
    status: 'failed',
    remedy: expect.stringContaining(`PORT=${other + 1}`),
  });
  const app = Fastify();
  app.get('/healthz', async () => ({ status: 'alive' }));
  await app.listen({ port: 0, host: '127.0.0.1' });
  closers.push(() => app.close());
  const { port } = app.server.address() as AddressInfo;
  expect((await examine({ PORT: String(port) })).find('port')).toMatchObject({
    status: 'ok',
    message: `NetDelta runs: http://127.0.0.1:${port}/`,
  });
});

it('a database of DATABASE_URL is reachable and migrated', async () => {
  const { url, close } = await createTestDatabase();
  closers.push(close);
  expect((await examine({ DATABASE_URL: url })).find('database')).toEqual({
    what: 'database',
    status: 'ok',
    message: 'of DATABASE_URL, reachable and up to date',
  });
});

it('an embedded database that runs is asked; one without tables wants its migration', async () => {
  const { stop } = await startEmbedded(folder, { log: pino({ level: 'silent' }), volatile: true });
  closers.push(stop);
  expect((await examine()).find('database')).toMatchObject({
    status: 'warning',
    message: expect.stringContaining(`run by process ${process.pid}`),
    remedy: expect.stringContaining('netdelta migrate'),
  });
});
