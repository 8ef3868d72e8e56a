import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  startSmtpServer,
  type TestSmtpServer,
} from '../server/src/channels/mail/start-smtp-server.ts';
import { inspectPage, type OpenPage, openPage, takePicture } from './browser.ts';
import { endPrograms, type Program, runProgram, startProgram, waitFor } from './program.ts';

const OWNER = { email: 'olga@example.test', password: 'quite a long password' };
/** Not the playground's own, on which a developer may have one running, nor another test run's. */
const PREFIX = `127.33.${process.pid % 256}`;
const RECIPIENT = 'watch@example.test';
/** Twenty hosts, 1,000 ports, version detection; two slow cores have other work, too. */
const SCAN_MS = 150_000;

let dataDir: string;
let smtp: TestSmtpServer;
let netdelta: Program;
let playground: Program;
let browser: OpenPage;
let page: Page;
/** Why the playground's change was reported, whichever it was. */
const EXPLANATION =
  /^Reported because (it (accepted|refused) the connection|another service answered)/;
/** What the playground says that it changed. */
let change: { address: string; port: string; verb: string };
const problems: string[] = [];

beforeAll(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'netdelta-e2e-'));
  smtp = await startSmtpServer();
  const environment = { NETDELTA_DATA_DIR: dataDir };
  playground = startProgram(['playground', '--prefix', PREFIX], environment);
  netdelta = startProgram(['start'], {
    ...environment,
    PORT: '0',
    SMTP_URL: `smtp://127.0.0.1:${smtp.port}`,
  });
  await playground.says(/The playground runs/);
  browser = await openPage();
  page = browser.page;
});

afterAll(async () => {
  await browser?.close();
  await endPrograms([netdelta, playground].filter(Boolean)).finally(async () => {
    await smtp?.close();
    await rm(dataDir, { recursive: true, force: true });
  });
});

afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') await takePicture(page, 'failed.png');
});

async function inspect(name: string): Promise<void> {
  problems.push(...(await inspectPage(page, name)));
}

function follow(name: string): Promise<void> {
  return page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name }).click();
}

/** Starts a scan on the group's page and stays until the page tells its end, without a reload. */
async function scanNow(whileLive: () => Promise<void>): Promise<void> {
  await follow('Groups');
  await page.getByRole('link', { name: 'Playground' }).first().click();
  await page.getByRole('button', { name: 'Scan now' }).click();
  await page.getByRole('heading', { name: 'Scan of Playground' }).waitFor();
  await whileLive();
  await page.getByRole('heading', { name: 'Delta Analysis' }).waitFor({ timeout: SCAN_MS });
  await page.getByText('Finished', { exact: true }).first().waitFor();
}

describe('from the set-up link to a mail about a change', () => {
  test('the set-up link makes a site and an account', async () => {
    const [link] = await netdelta.says(/http\S+\/setup\?token=\S+/);
    await page.goto(link);
    await page.getByLabel('Name of the site').fill('Example University');
    await inspect('setup');
    await page.getByLabel('Your name').fill('Olga Owner');
    await page.getByLabel('Your e-mail address').fill(OWNER.email);
    await page.getByRole('textbox', { name: 'Password' }).fill(OWNER.password);
    await page.getByRole('button', { name: 'Create the site' }).click();
    await page.waitForURL('**/example-university/');
    await page.getByText('Nothing is watched yet').waitFor();
    await inspect('overview-empty');
  });

  test('the overview offers the playground, which becomes a group', async () => {
    await page.getByRole('link', { name: 'Add the playground as a group' }).click();
    await page.getByLabel('Recipients').fill(RECIPIENT);
    for (const rule of ['Hosts count as down', 'Services count as gone'])
      expect(await page.getByLabel(rule).inputValue()).toBe('evidence');
    await page.getByText('20 addresses').waitFor();
    await page.getByLabel('Beacons').fill(`${PREFIX}.1\nrouter`);
    await page.getByRole('button', { name: 'Line 2' }).click();
    await inspect('group-editor-wrong');
    await page.getByRole('button', { name: 'Create group' }).click();
    await page.getByText('line 2: "router" is no address').first().waitFor();
    await page.getByLabel('Beacons').fill(`${PREFIX}.1`);
    await inspect('group-editor');
    await page.getByRole('button', { name: 'Create group' }).click();
    await page.getByRole('heading', { name: 'Playground', exact: true }).waitFor();
    await page.getByText('Not scanned yet').waitFor();
    await inspect('group-new');
  });

  test('the first scan shows how far it is, and makes no delta', {
    timeout: SCAN_MS * 2,
  }, async () => {
    await scanNow(async () => {
      await page.getByRole('progressbar', { name: 'Scan of Playground' }).waitFor();
      await page.getByText(/^[1-9]\d* of 20 addresses done$/).waitFor();
      await inspect('scan-live');
    });
    await page.getByText('First scan: this is what later ones are compared with').waitFor();
    await page.getByText(/20 hosts are up/).waitFor();
    await page
      .getByText(/nmap 7\S+ /)
      .first()
      .waitFor();
    await inspect('scan-first');
    expect(smtp.taken).toEqual([]);
  });

  test('a change in the playground is on the Delta Analysis page, with its evidence', {
    timeout: SCAN_MS * 2,
  }, async () => {
    const told = await runProgram(['playground', '--once'], { NETDELTA_DATA_DIR: dataDir });
    const [, address = '', port = '', verb = ''] =
      /(127\.33\.\d+\.\d+) tcp\/(\d+) (opened|closed|changed)/.exec(told.printed) ?? [];
    change = { address, port, verb };
    expect(told.printed).toContain(`${address} tcp/${port} ${verb}`);
    await scanNow(async () => undefined);
    const row = page.getByRole('row').filter({ hasText: address });
    await row.filter({ hasText: `tcp/${port}` }).waitFor();
    expect(await page.getByRole('button', { name: 'Show details' }).count()).toBe(1);
    await inspect('delta-analysis');
    await page.getByRole('button', { name: 'Show details' }).click();
    await page.getByRole('heading', { name: 'Before', exact: true }).waitFor();
    await page.getByText(EXPLANATION).waitFor();
    await page.getByText(/^red: never seen in the one scan before; confirmed/).waitFor();
    await inspect('delta-evidence');
  });

  test('the page of the delta shows all that speaks for it', async () => {
    await page.getByRole('link', { name: 'All of its evidence' }).click();
    await page.getByRole('heading', { name: 'Why it was reported' }).waitFor();
    await page.getByText(EXPLANATION).waitFor();
    await page.getByRole('heading', { name: 'First observation' }).waitFor();
    await page.getByText(/^0 times in 1 scan, of a window of 35$/).waitFor();
    await inspect('delta');
    await follow('Deltas');
    await page.getByRole('link', { name: `${change.address}: tcp/${change.port}` }).click();
    await page.getByRole('heading', { name: 'Why it was reported' }).waitFor();
  });

  test('the mail server has taken one mail, with that change', async () => {
    await waitFor('a mail', async () => smtp.taken.length > 0, 30_000);
    expect(smtp.taken).toHaveLength(1);
    const [mail] = smtp.taken;
    expect(mail?.to).toEqual([RECIPIENT]);
    const siteUrl = new URL('/example-university/', page.url());
    const text = mail?.message.replaceAll('=\r\n', '') ?? '';
    expect(text).toMatch(/^Subject: .*Playground/m);
    expect(text).toContain(change.address);
    expect(text).toContain(`tcp/${change.port}`);
    expect(text).toMatch(/^RED {3}.* \[never\]/m);
    expect(text).toContain(new URL('./scans/', siteUrl).href);
    await follow('Notifications');
    const row = page.getByRole('row').filter({ hasText: RECIPIENT });
    await row.getByText('Sent', { exact: true }).waitFor();
    await row.getByRole('button', { name: 'Show details' }).click();
    await page.getByRole('link', { name: 'Delta Analysis' }).waitFor();
    await inspect('notifications');
  });

  test('the page of the host shows the service and what became of it', async () => {
    await follow('Hosts');
    await page.getByRole('link', { name: change.address, exact: true }).waitFor();
    await inspect('hosts');
    await page.getByRole('link', { name: change.address, exact: true }).click();
    await page.getByRole('heading', { name: change.address }).waitFor();
    const services = page.getByRole('table', {
      name: change.verb === 'closed' ? 'Past services' : 'Services',
      exact: true,
    });
    await services
      .getByRole('row')
      .filter({ hasText: `tcp/${change.port}` })
      .waitFor();
    await page.getByRole('heading', { name: 'Status history' }).waitFor();
    await page.getByRole('link', { name: 'Delta Analysis' }).waitFor();
    await page.getByRole('heading', { name: 'Looked changed, and was not' }).waitFor();
    await inspect('host');
  });

  test('a host can have rules of its own', async () => {
    const rule = page.getByLabel('Hosts count as down');
    await page.getByText('Nothing to save').waitFor();
    await rule.selectOption({ label: 'After 5 silent scans in a row' });
    await page.getByText('Only this host, whatever its group says').waitFor();
    await page.getByRole('button', { name: 'Save rules' }).click();
    await page.getByText(`The rules of ${change.address} hold from its next scan on.`).waitFor();
    await page.reload();
    await page.getByText('Nothing to save').waitFor();
    expect(await rule.inputValue()).toBe('5');
    await rule.selectOption({ label: 'As its group: by evidence' });
    await page.getByRole('button', { name: 'Save rules' }).click();
    await page.getByText('Nothing to save').waitFor();
  });

  test('every other page opens', async () => {
    for (const name of [
      'Overview',
      'Groups',
      'Scans',
      'Deltas',
      'Services',
      'Compare',
      'Audit log',
      'Profiles',
      'Settings',
      'System',
    ]) {
      await follow(name);
      await page.getByRole('heading', { name, level: 1 }).waitFor();
      await expect.poll(() => page.getByRole('status', { name: 'Loading' }).count()).toBe(0);
      await inspect(name.toLowerCase());
    }
    await follow('Groups');
    await page.getByRole('link', { name: 'Playground' }).first().click();
    await page.getByRole('link', { name: 'Delta Analysis' }).waitFor();
    await inspect('group');
    await page.getByRole('link', { name: 'Add a schedule' }).click();
    await page.getByRole('button', { name: 'Create schedule' }).waitFor();
    await inspect('schedule-editor');
  });

  test('settings say all that is wrong with them, and are kept as they are understood', async () => {
    const window = page.getByLabel('History window');
    const ports = page.getByRole('textbox', { name: 'Danger ports' });
    const save = () => page.getByRole('button', { name: 'Save settings' }).click();
    await follow('Settings');
    await window.fill('101');
    await ports.fill('22,telnet');
    await save();
    await page.getByText('give at most 100').waitFor();
    await page.getByText('"telnet" is not a port').waitFor();
    await inspect('settings-wrong');
    await window.fill('');
    await save();
    await page.getByText('give a whole number').waitFor();
    await window.fill('2');
    await page.getByText(/^The history is off/).waitFor();
    await ports.fill('23 22');
    await save();
    await page.getByText('The settings have been saved.').waitFor();
    await page.reload();
    expect(await ports.inputValue()).toBe('22-23');
    expect(await window.inputValue()).toBe('2');
  });

  test('who logs out has to log in, and comes back to where they were', async () => {
    await follow('Deltas');
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByRole('heading', { name: 'Log in' }).waitFor();
    await inspect('login');
    await page.getByLabel('E-mail address').fill(OWNER.email);
    await page.getByRole('textbox', { name: 'Password' }).fill(OWNER.password);
    await page.getByRole('button', { name: 'Log in', exact: true }).click();
    await page.getByRole('navigation', { name: 'Main' }).waitFor();
  });

  test('no page has a barrier, none is wider than its window, none complains', () => {
    expect(problems).toEqual([]);
    expect(browser.complaints).toEqual([]);
  });
});
