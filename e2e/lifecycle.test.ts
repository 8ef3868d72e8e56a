import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  endPrograms,
  findFreePort,
  findProcesses,
  type Program,
  runProgram,
  startProgram,
} from './program.ts';

const ADMIN = { email: 'olga@example.test', password: 'quite a long password' };
const READY = /is ready: (http\S+)/;
/** Longest time from Ctrl-C to the end, with 2 slow cores in mind. */
const END_MS = 10_000;

let dataDir: string;
let running: Program[];

beforeEach(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'netdelta-e2e-'));
  running = [];
});

afterEach(async () => {
  await endPrograms(running).finally(() => rm(dataDir, { recursive: true, force: true }));
});

function start(environment: NodeJS.ProcessEnv = {}): Program {
  const program = startProgram(['start'], {
    NETDELTA_DATA_DIR: dataDir,
    PORT: '0',
    ...environment,
  });
  running.push(program);
  return program;
}

async function urlOf(program: Program): Promise<string> {
  const [, url = ''] = await program.says(READY);
  return url;
}

function login(url: string, site: string, body = ADMIN): Promise<Response> {
  return fetch(`${url}${site}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

describe('netdelta start', () => {
  test('prints a set-up link that works once, and no other after it', async () => {
    const first = start();
    const url = await urlOf(first);
    const [link] = await first.says(/http\S+\/setup\?token=\S+/);
    const setup = { siteName: 'Example', siteSlug: 'example', timeZone: 'UTC', name: 'Olga' };
    const body = JSON.stringify({
      ...setup,
      ...ADMIN,
      token: new URL(link).searchParams.get('token'),
    });
    const useLink = () =>
      fetch(`${url}api/v1/setup`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
    expect((await useLink()).status).toBe(201);
    expect((await useLink()).status).toBe(403);
    first.send('SIGINT');
    expect(await first.ended).toBe(0);

    const second = start();
    const secondUrl = await urlOf(second);
    expect(second.printed()).not.toContain('setup?token=');
    expect((await login(secondUrl, 'example')).status).toBe(200);
  });

  test('ends in time at Ctrl-C, and its database with it', async () => {
    const program = start();
    await urlOf(program);
    expect(await findProcesses('postgres', dataDir)).not.toEqual([]);
    const asked = performance.now();
    program.send('SIGINT');
    expect(await program.ended).toBe(0);
    expect(performance.now() - asked).toBeLessThan(END_MS);
    expect(await findProcesses(dataDir)).toEqual([]);
  });

  test('makes the first site for the admin of the environment, and keeps it', async () => {
    const admin = { NETDELTA_ADMIN_EMAIL: ADMIN.email, NETDELTA_ADMIN_PASSWORD: ADMIN.password };
    const first = start(admin);
    const url = await urlOf(first);
    expect(first.printed()).not.toContain('setup?token=');
    expect(first.printed()).not.toContain(ADMIN.password);
    expect((await login(url, 'main')).status).toBe(200);
    const wrong = await login(url, 'main', { ...ADMIN, password: 'not the password' });
    expect(wrong.status).toBe(401);
    first.send('SIGTERM');
    expect(await first.ended).toBe(0);

    const second = start();
    expect((await login(await urlOf(second), 'main')).status).toBe(200);
  });

  test('says that the port is taken, and leaves nothing running', async () => {
    const port = String(await findFreePort());
    const first = start({ PORT: port });
    await urlOf(first);
    const other = await mkdtemp(path.join(tmpdir(), 'netdelta-e2e-'));
    try {
      const second = await runProgram(['start'], { PORT: port, NETDELTA_DATA_DIR: other });
      expect(second.code).toBe(3);
      expect(second.printed).toContain(`another program listens on port ${port}`);
      expect(second.printed).toContain(`PORT=${Number(port) + 1}`);
      expect(second.printed).not.toMatch(/\n\s+at /);
      expect(await findProcesses(other)).toEqual([]);
    } finally {
      await rm(other, { recursive: true, force: true });
    }
  });

  test('says who holds the data folder', async () => {
    const first = start();
    await urlOf(first);
    const second = await runProgram(['start'], { PORT: '0', NETDELTA_DATA_DIR: dataDir });
    expect(second.code).toBe(3);
    expect(second.printed).toContain(
      `${dataDir} is in use by another NetDelta (process ${first.pid})`,
    );
    expect(second.printed).not.toMatch(/\n\s+at /);
  });

  test('says what is wrong with the environment, all of it', async () => {
    const { code, printed } = await runProgram(['start'], {
      NETDELTA_DATA_DIR: dataDir,
      PORT: 'http',
      NETDELTA_ADMIN_EMAIL: ADMIN.email,
    });
    expect(code).toBe(2);
    expect(printed).toContain('PORT has to be a number between 0 and 65535');
    expect(printed).toContain('NETDELTA_ADMIN_PASSWORD is missing');
  });
});

test.each(['api', 'worker'])(
  'netdelta %s without DATABASE_URL says that it needs one',
  async (command) => {
    const { code, printed } = await runProgram([command], { NETDELTA_DATA_DIR: dataDir });
    expect(code).toBe(3);
    expect(printed).toContain('DATABASE_URL is not set');
  },
);
