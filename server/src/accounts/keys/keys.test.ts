import { keyMade } from '@netdelta/core/api/people.ts';
import { describe, expect, test } from 'vitest';
import { createAccountSuite } from '../testing/create-account-suite.ts';
import { createKeyToken, hashKeyToken } from './key-token.ts';

const suite = createAccountSuite();
const KEYS = '/example/api/v1/api-keys';
const wish = { name: 'Nightly export', scopes: ['scan', 'read'], expiresAt: null };

async function startWithKey(overrides: object = {}) {
  const { ask, app, join } = await suite.startSetUpServer();
  const made = await ask('POST', KEYS, { ...wish, ...overrides });
  expect(made.statusCode).toBe(201);
  const { key, token } = keyMade.parse(made.json());
  const useKey = (url: string, { method = 'GET' as 'GET' | 'DELETE', with: used = token } = {}) =>
    app.inject({ method, url, headers: { authorization: `Bearer ${used}` } });
  return { ask, app, join, key, token, useKey };
}

test('a key has its prefix and a checksum, and no two are the same', () => {
  const [one, other] = [createKeyToken(), createKeyToken()];
  expect(one.token).toMatch(/^ndk_[0-9a-f]{72}$/);
  expect(one.token.startsWith(one.hint)).toBe(true);
  expect(other.token).not.toBe(one.token);
  expect(hashKeyToken(one.token)).toEqual(one.tokenHash);
  const last = one.token.endsWith('0') ? '1' : '0';
  for (const wrong of ['', 'ndk_', one.token.slice(0, -1), one.token.slice(0, -1) + last])
    expect(hashKeyToken(wrong)).toBeNull();
});

test('is told once, stored as a hash, and listed by its first characters', async () => {
  const { ask, key, token } = await startWithKey();
  const list = (await ask('GET', KEYS)).json();
  expect(list).toEqual({ items: [key], next: null });
  expect(key).toMatchObject({
    scopes: ['read', 'scan'],
    createdBy: 'Ada Lovelace',
    lastUsedAt: null,
    hint: token.slice(0, 10),
  });
  const { rows } = await suite.database.pool.query('select * from api_keys');
  expect(JSON.stringify(rows)).not.toContain(token.slice(12, 40));
});

describe('with a key', () => {
  test('a program may do what its scopes say, and nothing for people', async () => {
    const { useKey, key, ask } = await startWithKey();
    expect((await useKey('/example/api/v1/members')).statusCode).toBe(200);
    const people = await useKey('/example/api/v1/session');
    expect([people.statusCode, people.json().code]).toEqual([403, 'people-only']);
    // No JSON, no page of ours: what a browser is not believed, a key is.
    const keys = await useKey(`${KEYS}/${key.id}`, { method: 'DELETE' });
    expect([keys.statusCode, keys.json().message]).toEqual([
      403,
      'This API key does not have the scope "keys".',
    ]);
    expect((await ask('GET', KEYS)).json().items[0].lastUsedAt).not.toBeNull();
  });

  test('the cookie beside it does not count, nor at the front door', async () => {
    const { app, token, ask } = await startWithKey();
    const { cookies } = await ask('GET', '/example/api/v1/session');
    const cookie = `${cookies[0]?.name}=${encodeURIComponent(cookies[0]?.value ?? '')}`;
    const headers = { cookie, authorization: `Bearer ${token}` };
    expect((await app.inject({ url: KEYS, headers })).statusCode).toBe(403);
    const sites = await app.inject({ url: '/api/v1/platform/sites', headers });
    expect(sites.statusCode).toBe(401);
    const forged = { cookie, authorization: 'Bearer nonsense' };
    expect((await app.inject({ url: KEYS, headers: forged })).statusCode).toBe(401);
    const basic = { cookie, authorization: 'Basic b2xnYTp4' };
    expect((await app.inject({ url: KEYS, headers: basic })).statusCode).toBe(200);
  });

  test('no other site opens', async () => {
    const { ask, useKey } = await startWithKey();
    await ask('POST', '/api/v1/platform/sites', { slug: 'other', name: 'Other', timeZone: 'UTC' });
    const reply = await useKey('/other/api/v1/members');
    expect([reply.statusCode, reply.json().code]).toEqual([401, 'bad-key']);
  });
});

describe('a key ends', () => {
  const membersOf = (useKey: Awaited<ReturnType<typeof startWithKey>>['useKey']) =>
    useKey('/example/api/v1/members').then(({ statusCode }) => statusCode);

  test('when it is revoked, at once', async () => {
    const { ask, key, useKey } = await startWithKey();
    expect(await membersOf(useKey)).toBe(200);
    expect((await ask('DELETE', `${KEYS}/${key.id}`)).statusCode).toBe(204);
    expect(await membersOf(useKey)).toBe(401);
    expect((await ask('DELETE', `${KEYS}/${key.id}`)).statusCode).toBe(404);
    expect((await ask('GET', KEYS)).json().items).toEqual([]);
  });

  test('when it expires', async () => {
    const { useKey } = await startWithKey({ expiresAt: '2999-01-01T00:00:00Z' });
    expect(await membersOf(useKey)).toBe(200);
    await suite.database.pool.query("update api_keys set expires_at = now() - interval '1 s'");
    expect(await membersOf(useKey)).toBe(401);
  });
});

test('last use is written once a minute', async () => {
  const { useKey } = await startWithKey();
  const lastUse = async () => {
    const { rows } = await suite.database.pool.query('select last_used_at from api_keys');
    return rows[0].last_used_at as Date | null;
  };
  await useKey('/example/api/v1/members');
  const first = await lastUse();
  await useKey('/example/api/v1/members');
  expect(await lastUse()).toEqual(first);
  expect(first).not.toBeNull();
});

test.each([
  [{ scopes: [] }, 'scopes'],
  [{ scopes: ['members'] }, 'scopes.0'],
  [{ name: ' ' }, 'name'],
  [{ expiresAt: '2001-01-01T00:00:00Z' }, 'expiresAt'],
  [{ expiresAt: 'tomorrow' }, 'expiresAt'],
])('%o is refused', async (overrides, path) => {
  const { ask } = await suite.startSetUpServer();
  const reply = await ask('POST', KEYS, { ...wish, ...overrides });
  expect([reply.statusCode, reply.json().problems[0].path]).toEqual([400, path]);
  expect((await ask('GET', KEYS)).json().items).toEqual([]);
});
