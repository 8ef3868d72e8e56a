import type { AuditView } from '@netdelta/core/api/audit.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkChain } from '../../audit/check-chain.ts';
import { startSmtpServer, type TestSmtpServer } from '../../channels/mail/start-smtp-server.ts';
import type { JobData } from '../../queue/queue.ts';
import { insertSite } from '../queries.ts';
import { buildSetupRequest } from '../testing/build-setup-request.ts';
import { createBrowser } from '../testing/create-account-server.ts';
import { createAccountSuite } from '../testing/create-account-suite.ts';
import { codeOf } from '../testing/totp.ts';
import { sendNotice } from './send-notice.ts';

const suite = createAccountSuite();
const ACCOUNT = '/example/api/v1/account';
const SESSION = '/example/api/v1/session';
const { email, password } = buildSetupRequest();
const NEW = 'seven purple elephants';

let smtp: TestSmtpServer;
beforeAll(async () => {
  smtp = await startSmtpServer();
});
afterAll(() => smtp.close());

/** Ada owns `example` and `second`; the log of both, newest first, is read from the table. */
async function startWithTwoSites() {
  const server = await suite.startSetUpServer({ smtpUrl: `smtp://127.0.0.1:${smtp.port}` });
  const { pool, system } = suite.database;
  const ada = (await pool.query<{ id: string }>('select id from users')).rows[0]?.id ?? '';
  const second = { slug: 'second', name: 'Second', timeZone: 'UTC' };
  await system.transaction().execute((tx) => insertSite(tx, second, ada));
  const readLog = async (slug: string) => {
    const { rows } = await pool.query<AuditView>(
      `select action, actor, subject, before, after, address from audit_entries
       join sites on sites.id = site_id where slug = $1 order by number`,
      [slug],
    );
    return rows;
  };
  return { ...server, ada, readLog };
}

test('what opens the account is written down in all sites of the person, without secrets', async () => {
  const { app, ask, ada, readLog } = await startWithTwoSites();
  const other = createBrowser(app);
  await other.ask('POST', '/api/v1/session', { email, password });
  await ask('PUT', ACCOUNT, { name: 'Ada King' });
  await ask('PUT', ACCOUNT, { name: 'Ada King' });
  await ask('PUT', `${ACCOUNT}/password`, { oldPassword: password, password: NEW });
  const factor = `${ACCOUNT}/second-factor`;
  const offer = (await ask('POST', factor, { password: NEW })).json();
  await ask('POST', `${factor}/confirm`, { code: codeOf(offer.uri) });
  const recovered = createBrowser(app);
  const login = { email, password: NEW, code: offer.recoveryCodes[0] };
  await recovered.ask('POST', '/api/v1/session', login);
  const renewed = await ask('POST', `${factor}/recovery-codes`, { password: NEW });
  await ask('DELETE', `${ACCOUNT}/sessions`);
  await ask('DELETE', factor, { password: NEW });

  const log = await readLog('second');
  expect(log.map(({ action }) => action)).toEqual([
    'person.renamed',
    'password.changed',
    'secondFactor.enabled',
    'recoveryCode.used',
    'recoveryCodes.renewed',
    'session.ended',
    'secondFactor.ended',
  ]);
  expect(await readLog('example')).toEqual(log);
  for (const { actor, subject, address } of log) {
    expect([actor.kind, actor.id, address]).toEqual(['person', ada, '127.0.0.1']);
    expect([subject.kind, subject.id]).toEqual(['person', ada]);
  }
  expect(log.map(({ before, after }) => ({ before, after })).slice(0, 4)).toEqual([
    { before: { name: 'Ada Lovelace' }, after: { name: 'Ada King' } },
    { before: null, after: { endedSessions: 1 } },
    { before: null, after: { endedSessions: 0 } },
    { before: null, after: { left: 9 } },
  ]);
  const secrets = [password, NEW, ...offer.recoveryCodes, ...renewed.json().recoveryCodes];
  for (const secret of [...secrets, new URL(offer.uri).searchParams.get('secret')])
    expect(JSON.stringify(log)).not.toContain(secret);
  const check = await ask('GET', '/example/api/v1/session');
  expect(check.statusCode).toBe(200);
});

test('many changes at one moment leave the chains of all sites whole', async () => {
  const { ask, readLog } = await startWithTwoSites();
  const { pool, withSite } = suite.database;
  await Promise.all(
    Array.from({ length: 12 }, (_, number) =>
      number % 3 === 0
        ? ask('POST', '/api/v1/sites/second/enter')
        : ask('PUT', ACCOUNT, { name: `Ada ${number}` }),
    ),
  );
  const { rows } = await pool.query<{ id: string }>('select id from sites');
  for (const { id } of rows)
    expect((await withSite(id, (tx) => checkChain(tx, id))).broken).toBeNull();
  expect((await readLog('second')).length).toBe((await readLog('example')).length + 4);
});

test('a login is written down where it was tried; at the front door wherever it would lead', async () => {
  const { app, readLog } = await startWithTwoSites();
  const { ask } = createBrowser(app);
  const wrong = { email: email.toUpperCase(), password: 'not the password' };
  await ask('POST', SESSION, wrong);
  await ask('POST', '/api/v1/session', wrong);
  await ask('POST', '/api/v1/session', { email: 'nobody@example.org', password });
  await ask('POST', '/api/v1/session', { email, password });
  await ask('POST', '/api/v1/sites/second/enter');
  const actions = async (slug: string) => (await readLog(slug)).map(({ action }) => action);
  expect(await actions('example')).toEqual(['session.refused', 'session.refused']);
  expect(await actions('second')).toEqual(['session.refused', 'session.opened']);
});

test('ten wrong codes after the right password are written down and told', async () => {
  const { app, ask, ada, parts, readLog } = await startWithTwoSites();
  const { uri } = (await ask('POST', `${ACCOUNT}/second-factor`, { password })).json();
  await ask('POST', `${ACCOUNT}/second-factor/confirm`, { code: codeOf(uri) });
  await suite.database.pool.query('update two_factors set "failedVerificationCount" = 9');
  const guess = { email, password, code: '000000' };
  await createBrowser(app).ask('POST', SESSION, guess);
  const [entry] = (await readLog('second')).slice(-1);
  expect(entry).toMatchObject({
    action: 'secondFactor.locked',
    actor: { kind: 'nobody', name: 'ada@example.org' },
    subject: { id: ada },
  });
  expect(parts.jobs.at(-1)?.data).toMatchObject({ action: 'secondFactor.locked', userId: ada });
});

test('nobody is asked to believe a change that was not made', async () => {
  const { ask, parts, readLog } = await startWithTwoSites();
  await ask('PUT', `${ACCOUNT}/password`, { oldPassword: 'not the old one', password: NEW });
  await ask('POST', `${ACCOUNT}/second-factor`, { password });
  await ask('POST', `${ACCOUNT}/second-factor/confirm`, { code: '000000' });
  await ask('DELETE', `${ACCOUNT}/second-factor`, { password });
  await ask('DELETE', `${ACCOUNT}/sessions`);
  expect([parts.jobs, await readLog('example')]).toEqual([[], []]);
});

test('the person is told by mail what was done, when, from where, and what to do', async () => {
  const { ask, ada, parts } = await startWithTwoSites();
  await ask('PUT', `${ACCOUNT}/password`, { oldPassword: password, password: NEW });
  const [job] = parts.jobs;
  expect(job?.name).toBe('account-notice.send');
  const notice = job?.data as JobData['account-notice.send'];
  const before = smtp.taken.length;
  await sendNotice(parts, notice, AbortSignal.timeout(5_000));
  const mail = smtp.taken[before]?.message.replaceAll('=\r\n', '') ?? '';
  expect(mail).toContain('To: ada@example.org');
  expect(mail).toContain('Subject: Your password was changed on NetDelta');
  expect(mail).toMatch(/From: +127\.0\.0\.1/);
  expect(mail).toContain('https://nd.example/example/account');
  expect(mail).toContain('It was not you?');
  await sendNotice(parts, { ...notice, userId: 'gone' }, AbortSignal.timeout(5_000));
  await sendNotice(parts, { ...notice, siteId: null }, AbortSignal.timeout(5_000));
  expect(smtp.taken).toHaveLength(before + 2);
  expect(notice.userId).toBe(ada);
});

test('without a mail server nothing waits to be sent', async () => {
  const { ask, parts } = await suite.startSetUpServer();
  await ask('PUT', `${ACCOUNT}/password`, { oldPassword: password, password: NEW });
  expect(parts.jobs).toEqual([]);
});
