import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { createTestDatabase } from '../../db/testing/test-database.ts';
import type { SiteRoutes } from '../site-routes.ts';
import { createTestServer } from './create-test-server.ts';

test('routes run as the owner of a site with profiles', async () => {
  const { database, close } = await createTestDatabase();
  const routes: SiteRoutes = async (site) => {
    site.post('/count', { config: { needs: 'read' } }, async ({ site: { id }, user, body }) => {
      const profiles = await database.withSite(id, (tx) =>
        tx.selectFrom('profiles').select(sql<number>`count(*)::int`.as('count')).execute(),
      );
      return { profiles: profiles[0]?.count, by: user.email, body };
    });
  };
  const { app, call, user } = await createTestServer(database, [routes]);
  const reply = await call('POST', 'count', { a: 1 });
  expect(reply.json()).toEqual({ profiles: 5, by: user.email, body: { a: 1 } });
  expect((await app.inject('/main/api/v1/openapi.json')).statusCode).toBe(401);
  expect((await app.inject('/readyz')).statusCode).toBe(200);
  await app.close();
  await close();
});
