import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { codeOf } from '../server/src/accounts/testing/totp.ts';
import { endPrograms, type Program, runProgram, startProgram } from './program.ts';

const OWNER = { email: 'olga@example.test', password: 'quite a long password' };

let dataDir: string;
let netdelta: Program;
let url: string;

beforeAll(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'netdelta-e2e-'));
  await start();
});
afterAll(async () => {
  await endPrograms([netdelta]).finally(() => rm(dataDir, { recursive: true, force: true }));
});

async function start(): Promise<void> {
  netdelta = startProgram(['start'], {
    NETDELTA_DATA_DIR: dataDir,
    PORT: '0',
    NETDELTA_ADMIN_EMAIL: OWNER.email,
    NETDELTA_ADMIN_PASSWORD: OWNER.password,
  });
  const [, address = ''] = await netdelta.says(/is ready: (\S+)/);
  url = `${address}main/api/v1`;
}

async function restart(): Promise<void> {
  await endPrograms([netdelta]);
  await start();
}

async function ask(cookie: string, place: string, body?: object): Promise<Response> {
  return fetch(`${url}${place}`, {
    method: body ? 'POST' : 'GET',
    headers: { cookie, 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
    ...(body && { body: JSON.stringify(body) }),
  });
}

const cookieOf = (answer: Response) => answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
const login = (code?: string) => ask('', '/session', { ...OWNER, ...(code && { code }) });
const secrets = (command: string) =>
  runProgram(['secrets', command], { NETDELTA_DATA_DIR: dataDir });

test('a restart after the key was exchanged reads all secrets', async () => {
  const session = cookieOf(await login());
  const { password } = OWNER;
  const offer = await (await ask(session, '/account/second-factor', { password })).json();
  // Each is taken once, and in this order.
  const [confirming, whileRunning, afterwards] = [-1, 0, 1].map((step) => codeOf(offer.uri, step));
  const confirmed = await ask(session, '/account/second-factor/confirm', { code: confirming });
  expect(confirmed.status).toBe(204);
  const keyFile = () => readFile(path.join(dataDir, 'secret-key'), 'utf8');
  const before = await keyFile();

  // While the server runs, which reads both.
  const rotated = await secrets('rotate');
  expect([rotated.code, rotated.printed]).toEqual([0, expect.stringContaining('Sealed 2 secrets')]);
  expect((await login(whileRunning)).status).toBe(200);
  expect((await ask(session, '/session')).status).toBe(200);

  await restart();
  expect((await login('000000')).status).toBe(401);
  expect((await login(afterwards)).status).toBe(200);
  expect((await login(offer.recoveryCodes[0])).status).toBe(200);
  expect((await ask(session, '/session')).status).toBe(200);

  expect((await secrets('drop')).code).toBe(0);
  expect(await keyFile()).not.toContain(before.trim());
  await restart();
  expect((await login(offer.recoveryCodes[1])).status).toBe(200);
  // Signed with a key that is not there any more.
  expect((await ask(session, '/session')).status).toBe(401);
  expect((await secrets('check')).printed).toMatch(/secret: 1 sealed with the key of now/);
});
