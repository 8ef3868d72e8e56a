import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import {
  CLIENT,
  type StartedProvider,
  startProvider,
} from '../server/src/accounts/sign-on/testing/start-provider.ts';
import { inspectPage, type OpenPage, openPage, takePicture } from './browser.ts';
import { endPrograms, findFreePort, type Program, startProgram } from './program.ts';

const OWNER = { email: 'olga@example.test', password: 'quite a long password' };
const EVE = { sub: 'eve-1', name: 'Eve Example', email: 'eve@example.test' };

let dataDir: string;
let provider: StartedProvider;
let netdelta: Program;
/** Two people at two machines. */
let olga: OpenPage;
let eve: OpenPage;
let site: URL;
const problems: string[] = [];

beforeAll(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'netdelta-e2e-'));
  const port = await findFreePort();
  site = new URL(`http://127.0.0.1:${port}/main/`);
  provider = await startProvider([new URL('api/v1/sign-on/callback', site).href]);
  netdelta = startProgram(['start'], {
    NETDELTA_DATA_DIR: dataDir,
    PORT: String(port),
    NETDELTA_ALLOW_PRIVATE_OUTBOUND: '127.0.0.0/8',
    NETDELTA_ADMIN_EMAIL: OWNER.email,
    NETDELTA_ADMIN_PASSWORD: OWNER.password,
  });
  [olga, eve] = await Promise.all([openPage(), openPage()]);
  await netdelta.says(/is ready: http/);
});

afterAll(async () => {
  await olga?.close();
  await eve?.close();
  await endPrograms([netdelta].filter(Boolean)).finally(async () => {
    await provider?.close();
    await rm(dataDir, { recursive: true, force: true });
  });
});

afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return;
  await takePicture(olga.page, 'failed-sign-on-olga.png');
  await takePicture(eve.page, 'failed-sign-on-eve.png');
});

test('an owner sets the provider up, and is told what is wrong with it', async () => {
  const { page } = olga;
  await page.goto(site.href);
  await page.getByLabel('E-mail address').fill(OWNER.email);
  await page.getByRole('textbox', { name: 'Password' }).fill(OWNER.password);
  await page.getByRole('button', { name: 'Log in', exact: true }).click();
  await page.getByRole('link', { name: 'Members' }).click();
  await page.getByRole('link', { name: 'Single sign-on' }).click();
  await page.getByLabel('Label of the button').fill('Acme');
  await page.getByLabel('Issuer').fill(provider.issuer);
  await page.getByLabel('Client id').fill(CLIENT.id);
  await page.getByRole('textbox', { name: 'Client secret' }).fill('a wrong one');
  await page.getByLabel('Scopes').fill('openid profile email groups');
  await page.getByRole('button', { name: 'Test the connection' }).click();
  await page.getByText('does not accept this client id with this client secret').waitFor();
  problems.push(...(await inspectPage(page, 'a bad provider')));
  await page.getByRole('textbox', { name: 'Client secret' }).fill(CLIENT.secret);
  await page.getByRole('button', { name: 'Test the connection' }).click();
  await page.getByText('It can work').waitFor();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('else nobody could come in').waitFor();
  await page.getByRole('button', { name: 'Add a group' }).click();
  await page.getByLabel('Group 1', { exact: true }).fill('nd-operators');
  await page.getByLabel('Role of group 1').selectOption('operator');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('The single sign-on has been saved.').waitFor();
  problems.push(...(await inspectPage(page, 'a good provider')));
});

test('whoever is in no group is told so at the login', async () => {
  const { page } = eve;
  provider.logIn({ ...EVE, groups: ['canteen'] });
  await page.goto(site.href);
  await page.getByRole('link', { name: 'Sign in with Acme' }).click();
  await page.getByText('None of your groups at the identity provider').waitFor();
  problems.push(...(await inspectPage(page, 'a refused login')));
});

test('whoever is in one comes in, to where they wanted to go, in its role', async () => {
  const { page } = eve;
  provider.logIn({ ...EVE, groups: ['nd-operators'] });
  // The provider would remember who was there.
  await page.context().clearCookies();
  await page.goto(new URL('hosts', site).href);
  await page.getByRole('link', { name: 'Sign in with Acme' }).click();
  await page.waitForURL(/\/main\/hosts$/);
  await page.getByRole('link', { name: 'Eve Example' }).click();
  await page.getByText('You came in through the identity provider').waitFor();
  await page.getByText('operator of Main').waitFor();
  problems.push(...(await inspectPage(page, "a guest's account")));
});

test('every page was fit to be used, and no browser complained', () => {
  expect(problems).toEqual([]);
  expect([...olga.complaints, ...eve.complaints]).toEqual([]);
});
