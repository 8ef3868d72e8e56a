import { profileView } from '@netdelta/core/api/groups.ts';
import { pageOf } from '@netdelta/core/api/page.ts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildGroup } from '../db/testing/build-site.ts';
import { createTestDatabase, type TestDatabase } from '../db/testing/test-database.ts';
import { createTestServer, type TestServer } from '../http/testing/create-test-server.ts';
import { profileRoutes } from './profile-routes.ts';

let test: TestDatabase;
let server: TestServer;

beforeAll(async () => {
  test = await createTestDatabase();
  server = await createTestServer(test.database, [profileRoutes(test)]);
});
afterAll(async () => {
  await server.app.close();
  await test.close();
});

async function list() {
  return pageOf(profileView).parse((await server.call('GET', 'profiles')).json()).items;
}

async function make(name: string) {
  const options = { tcp: { kind: 'list', ports: '22,80' } };
  const reply = await server.call('POST', 'profiles', { name, options });
  expect(reply.statusCode).toBe(201);
  return profileView.parse(reply.json());
}

it('lists the built-in profiles first, then the others, with their use', async () => {
  const own = await make('aaa');
  await buildGroup(test.database, server.site.id, { profile_id: own.id });
  const profiles = await list();
  expect(profiles.map(({ builtIn }) => builtIn)).toEqual([true, true, true, true, true, false]);
  expect(profiles.at(-1)).toMatchObject({ name: 'aaa', groupCount: 1 });
});

it('changes and deletes a profile of the site', async () => {
  const { id } = await make('mine');
  const body = { name: 'ours', description: 'for all', options: { timing: 2 } };
  const reply = await server.call('PUT', `profiles/${id}`, body);
  expect(reply.json()).toMatchObject({ name: 'ours', options: { timing: 2, engine: 'auto' } });
  expect((await server.call('DELETE', `profiles/${id}`)).statusCode).toBe(204);
  expect((await server.call('GET', `profiles/${id}`)).statusCode).toBe(404);
});

it('leaves built-in profiles alone', async () => {
  const [quick] = await list();
  const change = await server.call('PUT', `profiles/${quick?.id}`, { name: 'x', options: {} });
  const removal = await server.call('DELETE', `profiles/${quick?.id}`);
  expect([change.statusCode, removal.statusCode]).toEqual([409, 409]);
  expect(removal.json()).toMatchObject({ code: 'built-in' });
  expect((await list())[0]).toEqual(quick);
});

it('keeps a profile in use and names its groups', async () => {
  const { id } = await make('used');
  await buildGroup(test.database, server.site.id, { profile_id: id, name: 'Office' });
  const reply = await server.call('DELETE', `profiles/${id}`);
  expect(reply.statusCode).toBe(409);
  expect(reply.json().message).toContain('"Office"');
});

it('takes each name once, whatever its case', async () => {
  await make('Once');
  const reply = await server.call('POST', 'profiles', { name: 'ONCE', options: {} });
  expect(reply.statusCode).toBe(409);
  expect(reply.json()).toMatchObject({ code: 'name-taken', problems: [{ path: 'name' }] });
});

it('refuses what no engine takes', async () => {
  const options = { tcp: { kind: 'list', ports: '99999' }, scripts: ['../x'] };
  const reply = await server.call('POST', 'profiles', { name: 'bad', options });
  expect(reply.statusCode).toBe(400);
  expect(reply.json().problems).toHaveLength(2);
});
