import { frontDoorView, sessionView } from '@netdelta/core/api/accounts.ts';
import { invitationMade, invitationOffer } from '@netdelta/core/api/people.ts';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startSmtpServer, type TestSmtpServer } from '../../channels/mail/start-smtp-server.ts';
import type { JobData } from '../../queue/queue.ts';
import type { PeopleMailParts } from '../account-parts.ts';
import { lockMembers } from '../members/queries.ts';
import { createBrowser } from '../testing/create-account-server.ts';
import { createAccountSuite, JOINER_PASSWORD, tokenIn } from '../testing/create-account-suite.ts';
import { sendInvitation } from './send-invitation.ts';

const suite = createAccountSuite();
const INVITATIONS = '/example/api/v1/invitations';
const ACCEPT = '/example/api/v1/invitation/accept';
const byMail = { email: 'Grace@example.org', role: 'operator', delivery: 'mail' };
const byLink = { ...byMail, delivery: 'link' };
const grace = { name: 'Grace Hopper', password: JOINER_PASSWORD };

let smtp: TestSmtpServer;
beforeAll(async () => {
  smtp = await startSmtpServer();
});
afterAll(() => smtp.close());

const startWithMail = () => suite.startSetUpServer({ smtpUrl: `smtp://127.0.0.1:${smtp.port}` });

async function runJob(parts: PeopleMailParts & { jobs: { data: object }[] }): Promise<void> {
  const job = parts.jobs.at(-1)?.data as JobData['invitation.send'];
  await sendInvitation(parts, job, new AbortController().signal);
}

/** The link in the last mail; quoted-printable breaks it, and writes its `=` as `=3D`. */
function linkInMail(): string {
  const text = smtp.taken.at(-1)?.message.replaceAll('=\r\n', '').replaceAll('=3D', '=') ?? '';
  return /https:\S+token=[\w-]+/.exec(text)?.[0] ?? '';
}

describe('by mail', () => {
  test('invite, look, accept with a name and a password: in, once', async () => {
    const { ask, app, parts } = await startWithMail();
    const made = await ask('POST', INVITATIONS, byMail);
    expect([made.statusCode, made.json().link]).toEqual([201, null]);
    await runJob(parts);
    expect(smtp.taken.at(-1)?.to).toEqual(['grace@example.org']);
    expect(linkInMail()).toMatch(/^https:\/\/nd\.example\/example\/invitation\?token=/);
    const listed = (await ask('GET', INVITATIONS)).json().items[0];
    expect(listed).toMatchObject({ email: 'grace@example.org', invitedBy: 'Ada Lovelace' });
    expect(listed.mail).toMatchObject({ sentAt: expect.any(String), error: null });

    const token = tokenIn(linkInMail());
    const browser = createBrowser(app);
    const look = await browser.ask('POST', '/example/api/v1/invitation/look', { token });
    expect(invitationOffer.parse(look.json())).toMatchObject({
      siteName: 'Example',
      role: 'operator',
      known: false,
    });
    const accepted = await browser.ask('POST', ACCEPT, { token, ...grace });
    expect(sessionView.parse(accepted.json())).toMatchObject({
      role: 'operator',
      user: { name: 'Grace Hopper', email: 'grace@example.org' },
    });
    expect((await browser.ask('GET', '/example/api/v1/session')).statusCode).toBe(200);
    const again = await createBrowser(app).ask('POST', ACCEPT, { token, ...grace });
    expect([again.statusCode, again.json().code]).toEqual([410, 'invitation-ended']);
    expect((await ask('GET', INVITATIONS)).json().items).toEqual([]);
    const { rows } = await suite.database.pool.query(
      `select "emailVerified" as verified from users where email = 'grace@example.org'`,
    );
    expect(rows).toEqual([{ verified: true }]);
  });

  test('neither the database nor the queued job holds the token', async () => {
    const { ask, parts } = await startWithMail();
    await ask('POST', INVITATIONS, byMail);
    expect(Object.keys(parts.jobs.at(-1)?.data ?? {})).toEqual(['siteId', 'invitationId']);
    await runJob(parts);
    const { rows } = await suite.database.pool.query('select * from invitations');
    expect(JSON.stringify(rows)).not.toContain(tokenIn(linkInMail()));
    expect(rows[0].token_hash).toHaveLength(32);
  });

  test('a mail that cannot be sent says why, and is tried again with a new link', async () => {
    const { ask, parts } = await suite.startSetUpServer({ smtpUrl: 'smtp://127.0.0.1:9' });
    await ask('POST', INVITATIONS, byMail);
    await expect(runJob(parts)).rejects.toThrow('127.0.0.1:9');
    const [listed] = (await ask('GET', INVITATIONS)).json().items;
    expect(listed.mail).toMatchObject({
      sentAt: null,
      error: expect.stringContaining('127.0.0.1'),
    });
    const working = await startServerAgain();
    await runJob({ ...working, jobs: parts.jobs });
    expect((await ask('GET', INVITATIONS)).json().items[0].mail.error).toBeNull();
    const sent = smtp.taken.length;
    await runJob({ ...working, jobs: parts.jobs });
    expect(smtp.taken).toHaveLength(sent);
  });

  const startServerAgain = async () =>
    (await suite.startServer({ smtpUrl: `smtp://127.0.0.1:${smtp.port}` })).parts;
});

describe('by a link that is handed over', () => {
  test('works without a mail server, and proves nothing about the address', async () => {
    const { ask, join } = await suite.startSetUpServer();
    const refused = await ask('POST', INVITATIONS, byMail);
    expect([refused.statusCode, refused.json().code]).toEqual([409, 'mail-not-configured']);
    await join('grace@example.org', 'viewer');
    const { rows } = await suite.database.pool.query(
      `select "emailVerified" as verified from users where email = 'grace@example.org'`,
    );
    expect(rows).toEqual([{ verified: false }]);
  });

  test('a renewed, a revoked, an old and a foreign link do not open', async () => {
    const { ask } = await suite.startSetUpServer();
    const opens = async (link: string) =>
      (await ask('POST', '/example/api/v1/invitation/look', { token: tokenIn(link) })).statusCode;
    const first = invitationMade.parse((await ask('POST', INVITATIONS, byLink)).json());
    const { id } = first.invitation;
    const renewed = await ask('POST', `${INVITATIONS}/${id}/renew`, { delivery: 'link' });
    const { link } = renewed.json();
    expect([await opens(first.link ?? ''), await opens(link)]).toEqual([410, 200]);
    await suite.database.pool.query("update invitations set expires_at = now() - interval '1 s'");
    expect(await opens(link)).toBe(410);
    const again = (await ask('POST', INVITATIONS, byLink)).json();
    expect(await opens(again.link)).toBe(200);
    await ask('DELETE', `${INVITATIONS}/${again.invitation.id}`);
    expect(await opens(again.link)).toBe(410);
    expect(await opens('https://x/?token=guess')).toBe(410);
  });
});

test('two who open one link at one moment make one account', async () => {
  const { ask, app } = await suite.startSetUpServer();
  const { link } = (await ask('POST', INVITATIONS, byLink)).json();
  const accept = () => createBrowser(app).ask('POST', ACCEPT, { token: tokenIn(link), ...grace });
  const statuses = (await Promise.all([accept(), accept()])).map(({ statusCode }) => statusCode);
  expect(statuses.filter((status) => status === 200)).toHaveLength(1);
  const { rows } = await suite.database.pool.query('select 1 from users');
  expect(rows).toHaveLength(2);
});

test('who has an account comes in with its password, and then has both sites', async () => {
  const { ask, app, join } = await suite.startSetUpServer();
  const { id, ...browser } = await join('grace@example.org', 'viewer');
  const second = { slug: 'second', name: 'Second', timeZone: 'UTC' };
  expect((await ask('POST', '/api/v1/platform/sites', second)).statusCode).toBe(201);
  const invitation = await ask('POST', '/second/api/v1/invitations', byLink);
  const token = tokenIn(invitation.json().link);
  const accept = (body: object) =>
    browser.ask('POST', '/second/api/v1/invitation/accept', { token, ...body });
  const look = await browser.ask('POST', '/second/api/v1/invitation/look', { token });
  expect(look.json().known).toBe(true);
  expect((await accept({ password: 'not the password' })).statusCode).toBe(401);
  const accepted = await accept({ name: 'Somebody Else', password: JOINER_PASSWORD });
  expect(accepted.json()).toMatchObject({
    role: 'operator',
    user: { id, name: 'A viewer' },
    site: { slug: 'second' },
  });
  const door = frontDoorView.parse((await browser.ask('GET', '/api/v1/sites')).json());
  expect(door.sites.map(({ slug, own }) => [slug, own?.role])).toEqual([
    ['example', 'viewer'],
    ['second', 'operator'],
  ]);
  const elsewhere = createBrowser(app);
  const login = { email: 'grace@example.org', password: JOINER_PASSWORD };
  expect((await elsewhere.ask('POST', '/api/v1/session', login)).statusCode).toBe(204);
  expect((await elsewhere.ask('GET', '/second/api/v1/session')).statusCode).toBe(401);
  expect((await elsewhere.ask('POST', '/api/v1/sites/second/enter')).statusCode).toBe(204);
  expect((await elsewhere.ask('GET', '/second/api/v1/session')).statusCode).toBe(200);
  expect((await elsewhere.ask('POST', '/api/v1/sites/nowhere/enter')).statusCode).toBe(404);
});

test('all that is wrong with a new account is said at once, and the link stays valid', async () => {
  const { ask } = await suite.startSetUpServer();
  const { link } = (await ask('POST', INVITATIONS, byLink)).json();
  const accept = (body: object) => ask('POST', ACCEPT, { token: tokenIn(link), ...body });
  const empty = await accept({ password: 'short' });
  expect(empty.json().problems.map(({ path }: { path: string }) => path)).toEqual([
    'name',
    'password',
  ]);
  const weak = await accept({ name: 'Grace', password: 'graceexample' });
  expect([weak.statusCode, weak.json().code]).toEqual([400, 'weak-password']);
  expect((await accept(grace)).statusCode).toBe(200);
});

test.each([
  ['a member', 'ada@example.org', 'already-member'],
  ['who is invited', 'grace@example.org', 'already-invited'],
])('%s is not invited again', async (_who, email, code) => {
  const { ask } = await suite.startSetUpServer();
  await ask('POST', INVITATIONS, byLink);
  const reply = await ask('POST', INVITATIONS, { ...byLink, email: email.toUpperCase() });
  expect([reply.statusCode, reply.json().code]).toEqual([409, code]);
});

test('an administrator invites no owner', async () => {
  const { join } = await suite.startSetUpServer();
  const administrator = await join('admin@example.org', 'administrator');
  const reply = await administrator.ask('POST', INVITATIONS, { ...byLink, role: 'owner' });
  expect([reply.statusCode, reply.json().code]).toEqual([403, 'not-permitted']);
});

test('who is removed does not come back by a link that they renewed', async () => {
  const { ask, app, join } = await suite.startSetUpServer();
  const administrator = await join('admin@example.org', 'administrator');
  const { invitation } = (await ask('POST', INVITATIONS, byLink)).json();
  const renewal = `${INVITATIONS}/${invitation.id}/renew`;
  const { link } = (await administrator.ask('POST', renewal, { delivery: 'link' })).json();
  await ask('DELETE', `/example/api/v1/members/${administrator.id}`);
  const reply = await createBrowser(app).ask('POST', ACCEPT, { token: tokenIn(link), ...grace });
  expect(reply.statusCode).toBe(410);
});

test('a role that is just being taken away invites nobody any more', async () => {
  const { join } = await suite.startSetUpServer();
  const { id, ask } = await join('second@example.org', 'owner');
  const { pool, system } = suite.database;
  const answered: Promise<{ statusCode: number }>[] = [];
  await system.transaction().execute(async (tx) => {
    const { rows } = await pool.query('select id from sites');
    await lockMembers(tx, rows[0].id);
    await tx.updateTable('members').set({ role: 'viewer' }).where('user_id', '=', id).execute();
    answered.push(ask('POST', INVITATIONS, { ...byLink, role: 'owner' }));
    await vi.waitFor(async () => {
      const waiting =
        await pool.query(`select from pg_locks where not granted and locktype = 'advisory'
        and database = (select oid from pg_database where datname = current_database())`);
      expect(waiting.rowCount).toBe(1);
    });
  });
  expect((await answered[0])?.statusCode).toBe(403);
});

test('a link opens only the site that it is for', async () => {
  const { ask } = await suite.startSetUpServer();
  await ask('POST', '/api/v1/platform/sites', { slug: 'second', name: 'Second', timeZone: 'UTC' });
  const { link } = (await ask('POST', INVITATIONS, byLink)).json();
  const body = { token: tokenIn(link), ...grace };
  expect((await ask('POST', '/second/api/v1/invitation/look', body)).statusCode).toBe(410);
  expect((await ask('POST', '/second/api/v1/invitation/accept', body)).statusCode).toBe(410);
});

describe('an address that somebody else has taken by a link', () => {
  const LOOK = '/second/api/v1/invitation/look';
  const ACCEPT_SECOND = '/second/api/v1/invitation/accept';

  /** Mallory has Grace's address in the one site, and Grace is invited into the other. */
  async function takeAddress(role = 'operator', delivery = 'mail') {
    const { ask, app, parts } = await startWithMail();
    const made = await ask('POST', INVITATIONS, { ...byLink, role });
    const mallory = createBrowser(app);
    const body = { token: tokenIn(made.json().link), name: 'Mallory', password: JOINER_PASSWORD };
    expect((await mallory.ask('POST', ACCEPT, body)).statusCode).toBe(200);
    await ask('POST', '/api/v1/platform/sites', {
      slug: 'second',
      name: 'Second',
      timeZone: 'UTC',
    });
    await ask('POST', '/api/v1/sites/second/enter');
    const second = await ask('POST', '/second/api/v1/invitations', { ...byMail, delivery });
    if (delivery === 'mail') await runJob(parts);
    const token = tokenIn(delivery === 'mail' ? linkInMail() : second.json().link);
    return { ask, mallory, owner: createBrowser(app), token };
  }
  const anew = { ...grace, password: 'seven purple elephants', anew: true };

  test('is its own who proves it: they make an account of their own, and the other one ends', async () => {
    const { ask, mallory, owner, token } = await takeAddress();
    expect((await owner.ask('POST', LOOK, { token })).json()).toMatchObject({
      ...{ known: true, contestable: true },
    });
    expect((await owner.ask('POST', ACCEPT_SECOND, { token, ...anew })).statusCode).toBe(200);
    expect((await mallory.ask('GET', '/example/api/v1/session')).statusCode).toBe(401);
    // What was given to Mallory is not given to Grace.
    expect((await owner.ask('GET', '/example/api/v1/members')).statusCode).not.toBe(200);
    const { items } = (await ask('GET', '/example/api/v1/members')).json();
    expect(items.map(({ name }: { name: string }) => name)).toEqual(['Ada Lovelace']);
    const { rows } = await suite.database.pool.query(
      `select actor->>'name' as actor, subject->>'name' as subject, before from audit_entries
       where action = 'member.removed' and site_id in (select id from sites)`,
    );
    expect(rows).toEqual([
      { actor: 'Grace Hopper', subject: 'grace@example.org', before: { role: 'operator' } },
    ]);
  });

  test('stays an account that proves it by its password', async () => {
    const { mallory, owner, token } = await takeAddress();
    const { name: _name, ...known } = grace;
    expect((await owner.ask('POST', ACCEPT_SECOND, { token, ...known })).statusCode).toBe(200);
    expect((await mallory.ask('GET', '/example/api/v1/session')).statusCode).toBe(200);
    const { rows } = await suite.database.pool.query(
      `select "emailVerified" as proved from users where email = 'grace@example.org'`,
    );
    expect(rows).toEqual([{ proved: true }]);
  });

  test.each([
    ['a link that was handed over proves nothing', 'operator', 'link', 'address-proved'],
    ['a site would lose its only owner', 'owner', 'mail', 'address-in-use'],
  ])('is not taken where %s', async (_why, role, delivery, code) => {
    const { mallory, owner, token } = await takeAddress(role, delivery);
    if (role === 'owner')
      await suite.database.pool.query(
        `update members set role = 'viewer' where site_id = (select id from sites where slug = 'example')
         and user_id <> (select id from users where name = 'Mallory')`,
      );
    const refused = await owner.ask('POST', ACCEPT_SECOND, { token, ...anew });
    expect([refused.statusCode, refused.json().code]).toEqual([409, code]);
    expect((await mallory.ask('GET', '/example/api/v1/session')).statusCode).toBe(200);
  });

  test('and was proved since, is not taken', async () => {
    const { mallory, owner, token } = await takeAddress();
    await suite.database.pool.query('update users set "emailVerified" = true');
    const refused = await owner.ask('POST', ACCEPT_SECOND, { token, ...anew });
    expect(refused.json().code).toBe('address-proved');
    expect((await mallory.ask('GET', '/example/api/v1/session')).statusCode).toBe(200);
  });
});
