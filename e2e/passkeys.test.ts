import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { CDPSession, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { codeOf } from '../server/src/accounts/testing/totp.ts';
import { inspectPage, type OpenPage, openPage, takePicture } from './browser.ts';
import { endPrograms, type Program, runProgram, startProgram } from './program.ts';

const OLGA = { email: 'olga@example.test', password: 'quite a long password' };
const TOM = { email: 'tom@example.test', password: '' };
/** A device that knows its owner: finger, face or PIN were right. */
const DEVICE = {
  protocol: 'ctap2',
  transport: 'internal',
  hasResidentKey: true,
  hasUserVerification: true,
  isUserVerified: true,
  automaticPresenceSimulation: true,
} as const;

let dataDir: string;
let netdelta: Program;
let browser: OpenPage;
let page: Page;
let cdp: CDPSession;
let authenticatorId: string;
/** By the address, and by the name of this machine. */
let byAddress: URL;
let site: URL;
const problems: string[] = [];

beforeAll(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'netdelta-e2e-'));
  const environment = { NETDELTA_DATA_DIR: dataDir };
  netdelta = startProgram(['start'], {
    ...environment,
    PORT: '0',
    NETDELTA_ADMIN_EMAIL: OLGA.email,
    NETDELTA_ADMIN_PASSWORD: OLGA.password,
  });
  browser = await openPage();
  page = browser.page;
  const [, address = ''] = await netdelta.says(/is ready: (http\S+)/);
  byAddress = new URL('main/', address);
  site = new URL(byAddress);
  site.hostname = 'localhost';
  const words = ['user', 'create', '--email', TOM.email, '--name', 'Tom', '--site', 'main'];
  const { printed } = await runProgram(words, environment);
  TOM.password = /(\w{4}-){4}\w{4}/.exec(printed)?.[0] ?? '';
  cdp = await page.context().newCDPSession(page);
  await cdp.send('WebAuthn.enable');
  const added = await cdp.send('WebAuthn.addVirtualAuthenticator', { options: DEVICE });
  authenticatorId = added.authenticatorId;
});

afterAll(async () => {
  await browser?.close();
  await endPrograms([netdelta].filter(Boolean)).finally(() =>
    rm(dataDir, { recursive: true, force: true }),
  );
});

afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') await takePicture(page, 'failed-passkeys.png');
});

const inspect = async (name: string) => void problems.push(...(await inspectPage(page, name)));
const press = (name: string, exact = true) => page.getByRole('button', { name, exact }).click();
const hasCome = () => page.getByRole('navigation', { name: 'Main' }).waitFor();
const says = (words: string) => page.getByText(words).first().waitFor();

async function logIn({ email, password }: typeof OLGA): Promise<void> {
  await page.getByLabel('E-mail address').fill(email);
  await page.getByRole('textbox', { name: 'Password' }).fill(password);
  await press('Log in');
}

async function giveCode(code: string): Promise<void> {
  await page.getByLabel('Code', { exact: true }).fill(code);
  await press('Log in');
}

/** In the panel of this name. */
async function provePassword(panel: string, password: string, button: string): Promise<void> {
  const region = page.getByRole('region', { name: panel });
  await region.getByLabel('Your password, once more').fill(password);
  await region.getByRole('button', { name: button }).click();
}

describe('a passkey', () => {
  test('is not offered at an address, which says where it is', async () => {
    await page.goto(byAddress.href);
    await logIn(OLGA);
    await page.getByRole('link', { name: 'olga', exact: true }).click();
    await says(`Open http://localhost:${site.port}/ instead`);
    await press('Log out');
    await press('Log in by passkey');
    await says('127.0.0.1 is an address');
  });

  test('is added with the password, once a device', async () => {
    await page.goto(site.href);
    await logIn(OLGA);
    await page.getByRole('link', { name: 'olga', exact: true }).click();
    await page.getByLabel('Name of the passkey').fill('Laptop');
    await provePassword('Passkeys', OLGA.password, 'Add a passkey');
    await page.getByRole('table', { name: 'Passkeys' }).getByText('Laptop').waitFor();
    await provePassword('Passkeys', OLGA.password, 'Add a passkey');
    await says('has a passkey of yours for this server already');
    await inspect('passkeys');
    const { credentials } = await cdp.send('WebAuthn.getCredentials', { authenticatorId });
    expect(
      credentials.map(({ rpId, isResidentCredential }) => [rpId, isResidentCredential]),
    ).toEqual([['localhost', true]]);
  });

  test('logs in without a name and a password', async () => {
    await press('Log out');
    await press('Log in by passkey');
    await hasCome();
    await page.getByRole('link', { name: 'olga', exact: true }).click();
    const passkeys = page.getByRole('table', { name: 'Passkeys' });
    await passkeys.getByText('Laptop').waitFor();
    expect(await passkeys.getByText('never').count()).toBe(0);
    await page.getByRole('table', { name: 'Sessions' }).getByText('passkey').waitFor();
  });

  test('is the second factor that a site demands, when it was used', async () => {
    await page.getByRole('link', { name: 'Members' }).click();
    await page.getByRole('switch', { name: 'Members need a second factor' }).click();
    await says('The rule has been saved.');
    await page.getByRole('link', { name: 'Audit log' }).click();
    await says('olga added a passkey of "olga"');
    await press('Log out');
    await logIn(OLGA);
    await says('This site demands one, or a login by passkey.');
    await provePassword('Second factor', OLGA.password, 'Set up a second factor');
    await says('yours is a passkey: log in by it to change this');
    const now = page.getByRole('button', { name: 'Log in by passkey now' });
    await now.click();
    await now.waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Members' }).click();
    await page.getByRole('switch', { name: 'Members need a second factor' }).click();
    await says('The rule has been saved.');
  });

  test('is not given by a device that does not know its owner', async () => {
    await press('Log out');
    await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
    await press('Log in by passkey');
    await says('The browser gave no passkey: you cancelled');
    await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true });
    await press('Log in by passkey');
    await hasCome();
  });

  test('opens nothing once it is removed', async () => {
    await page.getByRole('link', { name: 'olga', exact: true }).click();
    await press('Remove Laptop');
    const question = page.getByRole('group', { name: 'Remove the passkey' });
    await question.getByLabel('Your password, once more').fill(OLGA.password);
    await inspect('remove-passkey');
    await question.getByRole('button', { name: 'Remove it' }).click();
    await says('The passkey "Laptop" is removed');
    await press('Log out');
    await press('Log in by passkey');
    await says('This passkey does not open this server: it was removed here');
  });
});

describe('codes of an authenticator app', () => {
  let uri: string;
  let recoveryCode: string;

  test('are set up from what the page shows', async () => {
    await logIn(TOM);
    await page.getByRole('link', { name: 'Tom', exact: true }).click();
    await provePassword('Second factor', TOM.password, 'Set up a second factor');
    const secret = (await page.getByText(/^([A-Z2-7]{4} ){8}/).textContent()) ?? '';
    uri = `otpauth://totp/NetDelta?secret=${secret.replaceAll(' ', '')}`;
    const codes = page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem');
    recoveryCode = (await codes.first().textContent()) ?? '';
    await page.getByLabel('Code', { exact: true }).fill(codeOf(uri));
    await press('Confirm');
    await says('The login asks for a code of your authenticator app.');
  });

  test('are asked at the login, each once', async () => {
    const code = codeOf(uri, 1);
    await press('Log out');
    await logIn(TOM);
    await giveCode(code);
    await hasCome();
    await press('Log out');
    await logIn(TOM);
    await says('Give the code that your authenticator app shows now');
    await giveCode(code);
    await says('This code is wrong or used up.');
  });

  test('can be replaced by a recovery code, each once', async () => {
    await giveCode(recoveryCode);
    await hasCome();
    await press('Log out');
    await logIn(TOM);
    await giveCode(recoveryCode);
    await says('This code is wrong or used up.');
  });
});

test('no page has a barrier, none is wider than its window, none complains', () => {
  expect(problems).toEqual([]);
  expect(browser.complaints).toEqual([]);
});
