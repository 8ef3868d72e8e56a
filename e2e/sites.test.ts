import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { inspectPage, type OpenPage, openPage, takePicture } from './browser.ts';
import { endPrograms, type Program, startProgram } from './program.ts';

const OWNER = { email: 'olga@example.test', password: 'quite a long password' };

let dataDir: string;
let netdelta: Program;
let olga: OpenPage;
let site: URL;
const problems: string[] = [];

beforeAll(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'netdelta-e2e-'));
  netdelta = startProgram(['start'], {
    NETDELTA_DATA_DIR: dataDir,
    PORT: '0',
    NETDELTA_ADMIN_EMAIL: OWNER.email,
    NETDELTA_ADMIN_PASSWORD: OWNER.password,
  });
  olga = await openPage();
  const [, address = ''] = await netdelta.says(/is ready: (http\S+)/);
  site = new URL('main/', address);
});

afterAll(async () => {
  await olga?.close();
  await endPrograms([netdelta].filter(Boolean)).finally(() =>
    rm(dataDir, { recursive: true, force: true }),
  );
});

afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') await takePicture(olga.page, 'failed-olga.png');
});

const inspect = async (page: Page, name: string) =>
  void problems.push(...(await inspectPage(page, name)));
const follow = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name }).click();

test('an owner authorises targets, and sees which group is outside of them', async () => {
  const { page } = olga;
  await page.goto(site.href);
  await page.getByLabel('E-mail address').fill(OWNER.email);
  await page.getByRole('textbox', { name: 'Password' }).fill(OWNER.password);
  await page.getByRole('button', { name: 'Log in', exact: true }).click();
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  await page.goto(new URL('groups/new', site).href);
  await page.getByLabel('Name').fill('Loopback');
  await page.getByRole('textbox', { name: 'Targets' }).fill('127.0.9.0/30');
  await page.getByRole('button', { name: 'Create group' }).click();
  await page.getByRole('heading', { name: 'Loopback' }).waitFor();
  await follow(page, 'Scope');
  await page.getByText('Everything may be scanned').waitFor();
  await page.getByRole('button', { name: 'Add an authorisation' }).click();
  await page.getByRole('textbox', { name: 'Targets' }).fill('127.0.9.0/31 # the lab');
  await page.getByRole('textbox', { name: 'Authorised by' }).fill('Ms Ops, contract 7');
  await page.getByLabel('Until', { exact: true }).fill('2099-12-31');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Scans of 1 group are refused').waitFor();
  await inspect(page, 'the scope');
  await takePicture(page, 'scope.png');
  await page.getByRole('link', { name: 'Loopback' }).click();
  await page.getByRole('button', { name: 'Scan now' }).click();
  await page.getByText("outside of the site's scope: 127.0.9.2/31").waitFor();
});

test('the site gets a name, a logo and another language of dates', async () => {
  const { page } = olga;
  await follow(page, 'Settings');
  await page.getByLabel('Name', { exact: true }).fill('Acme Corp');
  await page.getByRole('button', { name: 'Save the site' }).click();
  await page.getByText('The site has been saved.').waitFor();
  const pixel =
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
  await page.locator('input[type=file]').setInputFiles({
    ...{ name: 'logo.png', mimeType: 'image/png', buffer: Buffer.from(pixel, 'base64') },
  });
  await page.getByAltText('The logo of this site').waitFor();
  await page
    .getByRole('navigation', { name: 'Main' })
    .locator('..')
    .getByText('Acme Corp')
    .waitFor();
});

test('its owner ends it, by its name, and finds it so at the front door', async () => {
  const { page } = olga;
  await page.getByRole('button', { name: 'Deactivate or delete…' }).click();
  await page.getByLabel('Delete it with all of its data').check();
  await inspect(page, 'the settings');
  await takePicture(page, 'settings.png');
  await page.getByLabel('Deactivate it and keep its data').check();
  const end = page.getByRole('button', { name: 'Deactivate the site' });
  await page.getByLabel('Type the name of the site').fill('Acme');
  expect(await end.isDisabled()).toBe(true);
  await page.getByLabel('Type the name of the site').fill('Acme Corp');
  await end.click();
  await page.getByText('deactivated: an administrator of the platform can restore it').waitFor();
  await page.getByRole('button', { name: 'All sites of this server' }).click();
  await page.getByRole('button', { name: 'Restore' }).waitFor();
  await inspect(page, 'the front door');
  await takePicture(page, 'front-door.png');
  await page.getByRole('button', { name: 'Restore' }).click();
  await page.getByText('Acme Corp is in use again.').waitFor();
});

test('nothing was wrong with any page', () => {
  expect([...problems, ...olga.complaints]).toEqual([]);
});
