import { describe, expect, test } from 'vitest';
import type { DoorRoutes } from './door-routes.ts';
import { createHttpServer } from './server.ts';
import type { SiteRoutes } from './site-routes.ts';
import {
  buildHttpParts,
  buildRequestSite,
  createTestDoorkeeper,
} from './testing/create-test-server.ts';

const site = buildRequestSite();
const key = {
  id: 'key:1',
  name: 'ci',
  email: '',
  role: null,
  lacksSecondFactor: false,
  signedOn: false,
  permissions: ['read', 'scan'],
} as const;

describe('a route that does not say who may call it', () => {
  test.each([
    ['nothing', {}],
    ['what only the front door knows', { config: { needs: 'platform' as const } }],
  ])('keeps the server from starting, when it says %s', async (_what, options) => {
    const routes: SiteRoutes = async (app) => {
      app.get('/new', options, async () => 'secret');
    };
    await expect(createHttpServer(buildHttpParts({ siteRoutes: [routes] }))).rejects.toThrow(
      'GET /:site/api/v1/new has to say who may call it',
    );
  });

  test('keeps it from starting at the front door, too', async () => {
    const routes: DoorRoutes = async (app) => {
      app.get('/new', { config: { needs: 'read' } }, async () => 'secret');
    };
    await expect(createHttpServer(buildHttpParts({ doorRoutes: [routes] }))).rejects.toThrow(
      'GET /api/v1/new has to say who may call it: config: { needs: … }, one of nothing, login, platform.',
    );
  });
});

test('an API key may do what its scopes say, and nothing that is for people', async () => {
  const routes: SiteRoutes = async (app) => {
    for (const needs of ['read', 'scan', 'configure', 'login', 'members'] as const)
      app.get(`/${needs}`, { config: { needs } }, async ({ user }) => user.id);
  };
  const doorkeeper = {
    ...createTestDoorkeeper([]),
    findSite: async () => site,
    findUser: async () => key,
  };
  const app = await createHttpServer(buildHttpParts({ doorkeeper, siteRoutes: [routes] }));
  const ask = async (path: string) => {
    const reply = await app.inject(`/main/api/v1/${path}`);
    return reply.statusCode === 200 ? reply.body : reply.json().message;
  };
  expect(await ask('read')).toBe('key:1');
  expect(await ask('scan')).toBe('key:1');
  expect(await ask('configure')).toBe('This API key does not have the scope "configure".');
  expect(await ask('members')).toBe('This API key does not have the scope "members".');
  expect(await ask('login')).toBe('This is for people who are logged in; no API key can do it.');
  await app.close();
});
