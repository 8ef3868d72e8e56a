import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../db/testing/test-database.ts';
import { createTestServer, type TestServer } from '../http/testing/create-test-server.ts';
import { logoRoutes } from './logo-routes.ts';
import { siteFactsRoutes } from './site-facts-routes.ts';

const PNG = Buffer.concat([
  Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
  Buffer.from('the rest of it'),
]);

let test: TestDatabase;
let server: TestServer;
beforeAll(async () => {
  test = await createTestDatabase();
  server = await createTestServer(test.database, [siteFactsRoutes(test), logoRoutes(test)]);
});
afterAll(async () => {
  await server.app.close();
  await test.close();
});

const FACTS = { name: 'Main & Sons', timeZone: 'Europe/Vienna', dateLocale: 'de-AT' };
const putLogo = (payload: Buffer | string, type = 'image/png') =>
  server.app.inject({
    ...{ method: 'PUT', url: '/main/api/v1/site/logo', payload },
    headers: { ...server.headers, 'content-type': type, 'sec-fetch-site': 'same-origin' },
  });

it('a site is called otherwise, and writes its times otherwise', async () => {
  expect((await server.call('PUT', 'site', FACTS)).json()).toEqual({
    ...{ ...FACTS, slug: 'main', logo: null },
  });
  const wrong = await server.call('PUT', 'site', { name: ' ', timeZone: 'x', dateLocale: 'tlh' });
  expect(
    wrong
      .json()
      .problems.map(({ path }: { path: string }) => path)
      .sort(),
  ).toEqual([...['dateLocale', 'name', 'timeZone']]);
  expect((await server.call('GET', 'site')).json()).toMatchObject(FACTS);
});

it('its logo is a picture, whatever it is called, and no browser takes it for anything else', async () => {
  expect((await putLogo(PNG, 'image/webp')).json().logo).toMatch(/^[0-9a-f]{64}$/);
  const { headers, rawPayload, statusCode } = await server.call('GET', 'site/logo');
  expect(statusCode).toBe(200);
  expect(rawPayload.equals(PNG)).toBe(true);
  expect(headers).toMatchObject({
    ...{ 'content-type': 'image/png', 'x-content-type-options': 'nosniff' },
    'content-security-policy': "default-src 'none'; sandbox",
  });
  expect((await server.call('DELETE', 'site/logo')).statusCode).toBe(204);
  expect((await server.call('GET', 'site/logo')).statusCode).toBe(404);
});

it.each([
  ['a drawing that runs scripts', '<svg onload="alert(1)">', 'image/png', 400],
  ['one that says what it is', '<svg onload="alert(1)">', 'image/svg+xml', 415],
  ['nothing', '', 'image/png', 400],
  ['too much', Buffer.concat([PNG, Buffer.alloc(256 * 1_024)]), 'image/png', 413],
])('refuses %s as a logo', async (_what, payload, type, status) => {
  expect((await putLogo(payload, type)).statusCode).toBe(status);
  expect((await server.call('GET', 'site')).json().logo).toBeNull();
});
