import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { pino } from 'pino';
import type { Database } from '../../db/database.ts';
import { createHttpServer } from '../../http/server.ts';
import { buildHttpParts } from '../../http/testing/create-test-server.ts';
import { createAccounts } from '../accounts.ts';
import type { Auth } from '../auth.ts';

const TEST_SECRET = 'a test secret of more than 32 characters: 8f2b6c1d';

/** The server with the real accounts and nothing else. Close `app` when done. */
export async function createAccountServer(
  database: Database,
  { secret = TEST_SECRET, publicUrl = null as URL | null } = {},
): Promise<{ app: FastifyInstance; auth: Auth }> {
  const log = pino({ level: 'silent' });
  const accounts = await createAccounts({ database, secret, publicUrl, log });
  const { auth, doorkeeper, siteRoutes, doorRoutes } = accounts;
  const app = await createHttpServer(
    buildHttpParts({ publicUrl, doorkeeper, siteRoutes: [siteRoutes], doorRoutes: [doorRoutes] }),
  );
  return { app, auth };
}

/** A browser's cookies: keeps what is set with its path, and sends what fits the address. */
export function createBrowser(app: FastifyInstance) {
  const jar = new Map<string, { path: string; pair: string }>();
  const cookieFor = (url: string) =>
    [...jar.values()].filter(({ path }) => url.startsWith(path)).map(({ pair }) => pair);
  const ask = async (method: 'GET' | 'POST' | 'DELETE', url: string, payload?: object) => {
    const reply: LightMyRequestResponse = await app.inject({
      method,
      url,
      headers: { cookie: cookieFor(url).join('; '), 'sec-fetch-site': 'same-origin' },
      ...(payload && { payload }),
    });
    for (const { name, value, path = '/', maxAge, expires } of reply.cookies) {
      const ended = maxAge === 0 || (expires && expires.getTime() < Date.now());
      if (ended) jar.delete(`${name} ${path}`);
      else jar.set(`${name} ${path}`, { path, pair: `${name}=${encodeURIComponent(value)}` });
    }
    return reply;
  };
  return { ask, jar };
}
