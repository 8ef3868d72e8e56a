import { describe, expect, test } from 'vitest';
import { createAccountSuite } from '../testing/create-account-suite.ts';

const suite = createAccountSuite();
const MEMBERS = '/example/api/v1/members';

/** Ada owns the site; the others have what their names say. */
async function startWithPeople() {
  const { ask, join, app } = await suite.startSetUpServer();
  const { user } = (await ask('GET', '/example/api/v1/session')).json();
  const administrator = await join('admin@example.org', 'administrator');
  const viewer = await join('viewer@example.org', 'viewer');
  return { app, ask, join, ownerId: user.id as string, administrator, viewer };
}

test('everybody in a site sees who else is, page by page', async () => {
  const { viewer } = await startWithPeople();
  const { items, next } = (await viewer.ask('GET', `${MEMBERS}?limit=2`)).json();
  expect(items.map(({ email, role }: { email: string; role: string }) => [email, role])).toEqual([
    ['ada@example.org', 'owner'],
    ['admin@example.org', 'administrator'],
  ]);
  const rest = (await viewer.ask('GET', `${MEMBERS}?limit=2&after=${next}`)).json();
  expect([rest.items[0].name, rest.next]).toEqual(['A viewer', null]);
});

test('a change of role holds at once for open sessions', async () => {
  const { ask, viewer } = await startWithPeople();
  const invite = { email: 'new@example.org', role: 'viewer', delivery: 'link' };
  const tryInvite = async () =>
    (await viewer.ask('POST', '/example/api/v1/invitations', invite)).statusCode;
  expect(await tryInvite()).toBe(403);
  await ask('PUT', `${MEMBERS}/${viewer.id}`, { role: 'administrator' });
  expect(await tryInvite()).toBe(201);
  await ask('DELETE', `${MEMBERS}/${viewer.id}`);
  expect((await viewer.ask('GET', '/example/api/v1/session')).statusCode).toBe(404);
});

describe('nobody goes above their own role', () => {
  test.each([
    ['make themselves an owner', 'self', { role: 'owner' }],
    ['make others owners', 'viewer', { role: 'owner' }],
    ['demote an owner', 'owner', { role: 'viewer' }],
    ['remove an owner', 'owner', null],
  ] as const)('an administrator cannot %s', async (_what, whom, body) => {
    const { administrator, viewer, ownerId } = await startWithPeople();
    const id = { self: administrator.id, viewer: viewer.id, owner: ownerId }[whom];
    const reply = await administrator.ask(
      body ? 'PUT' : 'DELETE',
      `${MEMBERS}/${id}`,
      body ?? undefined,
    );
    expect([reply.statusCode, reply.json().message]).toEqual([
      403,
      'Only an owner may decide who is an owner.',
    ]);
  });

  test('an administrator may make others administrators, and remove them', async () => {
    const { administrator, viewer } = await startWithPeople();
    const path = `${MEMBERS}/${viewer.id}`;
    const promoted = await administrator.ask('PUT', path, { role: 'administrator' });
    expect([promoted.statusCode, promoted.json().role]).toEqual([200, 'administrator']);
    expect((await administrator.ask('DELETE', path)).statusCode).toBe(204);
  });
});

describe('the last owner', () => {
  test.each([
    ['demoted', 'PUT', { role: 'viewer' }],
    ['removed', 'DELETE', undefined],
  ] as const)('cannot be %s', async (_what, method, body) => {
    const { ask, ownerId } = await startWithPeople();
    const reply = await ask(method, `${MEMBERS}/${ownerId}`, body);
    expect([reply.statusCode, reply.json().code]).toEqual([409, 'last-owner']);
  });

  test('stays, when two owners demote each other at one moment', async () => {
    const { ask, viewer, ownerId } = await startWithPeople();
    await ask('PUT', `${MEMBERS}/${viewer.id}`, { role: 'owner' });
    const demotions = await Promise.all([
      ask('PUT', `${MEMBERS}/${viewer.id}`, { role: 'viewer' }),
      viewer.ask('PUT', `${MEMBERS}/${ownerId}`, { role: 'viewer' }),
    ]);
    expect(demotions.map(({ statusCode }) => statusCode).sort()).toEqual([200, 403]);
    const { rows } = await suite.database.pool.query("select 1 from members where role = 'owner'");
    expect(rows).toHaveLength(1);
  });

  test('stays, when two owners leave at one moment', async () => {
    const { ask, viewer, ownerId } = await startWithPeople();
    await ask('PUT', `${MEMBERS}/${viewer.id}`, { role: 'owner' });
    const departures = await Promise.all([
      ask('DELETE', `${MEMBERS}/${ownerId}`),
      viewer.ask('DELETE', `${MEMBERS}/${viewer.id}`),
    ]);
    expect(departures.map(({ statusCode }) => statusCode).sort()).toEqual([204, 409]);
  });
});

test('who is removed or demoted leaves no invitations behind', async () => {
  const { ask, administrator } = await startWithPeople();
  const body = { email: 'back@example.org', role: 'administrator', delivery: 'link' };
  const { link } = (await administrator.ask('POST', '/example/api/v1/invitations', body)).json();
  await ask('PUT', `${MEMBERS}/${administrator.id}`, { role: 'viewer' });
  const token = new URL(link).searchParams.get('token');
  const look = await ask('POST', '/example/api/v1/invitation/look', { token });
  expect(look.statusCode).toBe(410);
});

test('a site sees its own people alone, in every query', async () => {
  const { ask } = await startWithPeople();
  const { system, withSite, pool } = suite.database;
  const { id: otherId } = await system
    .insertInto('sites')
    .values({ slug: 'other', name: 'Other' })
    .returning('id')
    .executeTakeFirstOrThrow();
  const seen = (siteId: string) =>
    withSite(siteId, async (tx) => ({
      users: (await tx.selectFrom('users').select('email').execute()).length,
      members: (await tx.selectFrom('members').select('role').execute()).length,
    }));
  const { rows } = await pool.query<{ id: string }>("select id from sites where slug = 'example'");
  expect(await seen(otherId)).toEqual({ users: 0, members: 0 });
  expect(await seen(rows[0]?.id ?? '')).toEqual({ users: 3, members: 3 });
  expect((await ask('GET', '/other/api/v1/members')).statusCode).toBe(401);
  const entering = withSite(otherId, (tx) =>
    tx
      .insertInto('members')
      .values({ site_id: rows[0]?.id ?? '', user_id: 'x', role: 'owner' })
      .execute(),
  );
  await expect(entering).rejects.toThrow('row-level security');
  for (const table of ['sessions', 'accounts', 'password_resets'] as const)
    await expect(
      withSite(otherId, (tx) => tx.selectFrom(table).selectAll().execute()),
    ).rejects.toThrow('permission denied');
});
