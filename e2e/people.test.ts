import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { codeOf } from '../server/src/accounts/testing/totp.ts';
import {
  startSmtpServer,
  type TestSmtpServer,
} from '../server/src/channels/mail/start-smtp-server.ts';
import { inspectPage, type OpenPage, openPage, takePicture } from './browser.ts';
import { endPrograms, type Program, startProgram, waitFor } from './program.ts';

const OWNER = { email: 'olga@example.test', password: 'quite a long password' };
const VIEWER = { email: 'vera@example.test', password: 'seven purple elephants' };

let dataDir: string;
let smtp: TestSmtpServer;
let netdelta: Program;
/** Two people at two machines. */
let olga: OpenPage;
let vera: OpenPage;
let site: URL;
const problems: string[] = [];

beforeAll(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'netdelta-e2e-'));
  smtp = await startSmtpServer();
  netdelta = startProgram(['start'], {
    NETDELTA_DATA_DIR: dataDir,
    PORT: '0',
    SMTP_URL: `smtp://127.0.0.1:${smtp.port}`,
    NETDELTA_ADMIN_EMAIL: OWNER.email,
    NETDELTA_ADMIN_PASSWORD: OWNER.password,
  });
  [olga, vera] = await Promise.all([openPage(), openPage()]);
  const [, address = ''] = await netdelta.says(/is ready: (http\S+)/);
  site = new URL('main/', address);
});

afterAll(async () => {
  await olga?.close();
  await vera?.close();
  await endPrograms([netdelta].filter(Boolean)).finally(async () => {
    await smtp?.close();
    await rm(dataDir, { recursive: true, force: true });
  });
});

afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return;
  await takePicture(olga.page, 'failed-olga.png');
  await takePicture(vera.page, 'failed-vera.png');
});

const inspect = async (page: Page, name: string) =>
  void problems.push(...(await inspectPage(page, name)));
const follow = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name }).click();

/** The link of the newest mail; quoted-printable breaks it, and writes its `=` as `=3D`. */
async function linkInMail(count: number): Promise<string> {
  await waitFor('a mail', async () => smtp.taken.length >= count, 30_000);
  const text = smtp.taken.at(-1)?.message.replaceAll('=\r\n', '').replaceAll('=3D', '=') ?? '';
  return /http:\S+token=[\w-]+/.exec(text)?.[0] ?? '';
}

describe('from an invitation to the limits of a role', () => {
  test('an owner invites somebody by mail', async () => {
    const { page } = olga;
    await page.goto(site.href);
    await page.getByLabel('E-mail address').fill(OWNER.email);
    await page.getByRole('textbox', { name: 'Password' }).fill(OWNER.password);
    await page.getByRole('button', { name: 'Log in', exact: true }).click();
    await follow(page, 'Members');
    await page.getByLabel('E-mail address').fill(VIEWER.email);
    await page.getByLabel('Role', { exact: true }).selectOption('viewer');
    await page.getByRole('button', { name: 'Invite' }).click();
    await page.getByRole('table', { name: 'Invitations' }).getByText(VIEWER.email).waitFor();
    await page.getByText('the mail was sent').waitFor();
    await inspect(page, 'members');
  });

  test('who opens the link chooses a password, and is in', async () => {
    const { page } = vera;
    await page.goto(await linkInMail(1));
    await page.getByText('Olga invites').or(page.getByText('olga invites')).waitFor();
    await inspect(page, 'invitation');
    await page.getByLabel('Your name').fill('Vera Viewer');
    const field = page.getByRole('textbox', { name: 'New password' });
    await field.fill('veraviewer12');
    await page.getByRole('button', { name: 'Accept the invitation' }).click();
    await page
      .getByText(/made of your name/)
      .first()
      .waitFor();
    await field.fill(VIEWER.password);
    await page.getByRole('button', { name: 'Accept the invitation' }).click();
    await page.getByText('Nothing is watched yet').waitFor();
  });

  test('a viewer sees everything and is offered nothing to change', async () => {
    const { page } = vera;
    expect(await page.getByRole('link', { name: 'Create your first group' }).count()).toBe(0);
    await follow(page, 'Settings');
    // Of each part of the page.
    await page
      .getByText('Only an owner or an administrator of this site may change')
      .first()
      .waitFor();
    expect(await page.getByRole('button', { name: 'Save settings' }).isDisabled()).toBe(true);
    await inspect(page, 'settings-viewer');
    await follow(page, 'Members');
    await page.getByRole('table', { name: 'Members' }).getByText(OWNER.email).waitFor();
    expect(await page.getByRole('button', { name: /Invite|Remove/ }).count()).toBe(0);
    const status = await page.evaluate(async () => {
      const body = JSON.stringify({ email: 'x@example.test', role: 'owner', delivery: 'link' });
      const headers = { 'content-type': 'application/json' };
      return (await fetch('api/v1/invitations', { method: 'POST', headers, body })).status;
    });
    expect(status).toBe(403);
  });

  test('a role that is changed holds at once', async () => {
    await olga.page.reload();
    await olga.page.getByLabel('Role of Vera Viewer').selectOption('administrator');
    await olga.page.getByText('Vera Viewer has the role administrator now.').waitFor();
    await vera.page.reload();
    await follow(vera.page, 'API keys');
    await vera.page.getByLabel('Name').fill('Nightly export');
    await vera.page.getByRole('button', { name: 'Make the key' }).click();
    const token = await vera.page.getByLabel('API key', { exact: true }).inputValue();
    await inspect(vera.page, 'api-keys');
    const url = new URL('api/v1/members', site);
    const authorization = `Bearer ${token}`;
    expect((await fetch(url, { headers: { authorization } })).status).toBe(200);
    expect((await fetch(url, { headers: { authorization: `${authorization}0` } })).status).toBe(
      401,
    );
  });

  test('a forgotten password is replaced by mail, and the account page shows its sessions', async () => {
    const { page } = vera;
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByRole('link', { name: 'Forgotten your password?' }).click();
    await page.getByLabel('E-mail address').fill(VIEWER.email);
    await page.getByRole('button', { name: 'Send the link' }).click();
    await page.getByText('Look into your mails').waitFor();
    await inspect(page, 'forgotten-password');
    await page.goto(await linkInMail(2));
    await inspect(page, 'new-password');
    await page.getByRole('textbox', { name: 'New password' }).fill('eight green giraffes');
    await page.getByRole('button', { name: 'Set the new password' }).click();
    await page.getByLabel('E-mail address').fill(VIEWER.email);
    await page.getByRole('textbox', { name: 'Password' }).fill('eight green giraffes');
    await page.getByRole('button', { name: 'Log in', exact: true }).click();
    await page.getByRole('link', { name: 'Vera Viewer' }).click();
    await page.getByText('Chrome on Linux').waitFor();
    await inspect(page, 'account');
  });

  test('the front door makes a second site, and shows both', async () => {
    const { page } = olga;
    await page.getByRole('link', { name: 'Your sites' }).click();
    await page.getByRole('button', { name: 'New site' }).click();
    await page.getByLabel('Name of the site').fill('Second customer');
    await inspect(page, 'front-door-new-site');
    await page.getByRole('button', { name: 'Make the site, as its first owner' }).click();
    await page.waitForURL('**/second-customer/');
    await page.getByText('Nothing is watched yet').waitFor();
    await page.getByRole('link', { name: 'Your sites' }).click();
    await page.getByText('not scanned yet').first().waitFor();
    await page.getByRole('button', { name: 'All sites of this server' }).click();
    await page.getByText('2 members').waitFor();
    await inspect(page, 'front-door');
    await page.getByRole('link', { name: /Main/ }).click();
    await page.waitForURL('**/main/');
    await page.getByText('Nothing is watched yet').waitFor();
  });

  test('a second factor is set up, and the next login asks for it', async () => {
    const { page } = olga;
    await page.getByRole('link', { name: 'olga', exact: true }).click();
    await page.getByLabel('Your password, once more').fill(OWNER.password);
    await page.getByRole('button', { name: 'Set up a second factor' }).click();
    await page.getByRole('img', { name: 'QR code for the authenticator app' }).waitFor();
    await inspect(page, 'second-factor');
    const secret = ((await page.getByText(/^([A-Z2-7]{4} ){8}/).textContent()) ?? '').replaceAll(
      ' ',
      '',
    );
    const uri = `otpauth://totp/NetDelta?secret=${secret}`;
    await page.getByLabel('Code', { exact: true }).fill(codeOf(uri));
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.getByText('The login asks for a code of your authenticator app.').waitFor();
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByLabel('E-mail address').fill(OWNER.email);
    await page.getByRole('textbox', { name: 'Password' }).fill(OWNER.password);
    await page.getByRole('button', { name: 'Log in', exact: true }).click();
    await page.getByText('Give the code that your authenticator app shows now').waitFor();
    // The one of now is used up.
    await page.getByLabel('Code', { exact: true }).fill(codeOf(uri, 1));
    await inspect(page, 'login-code');
    await page.getByRole('button', { name: 'Log in', exact: true }).click();
    await page.getByRole('navigation', { name: 'Main' }).waitFor();
  });

  test('no page has a barrier, none is wider than its window, none complains', () => {
    expect(problems).toEqual([]);
    expect([...olga.complaints, ...vera.complaints]).toEqual([]);
  });
});
