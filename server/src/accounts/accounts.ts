import type { FastifyBaseLogger } from 'fastify';
import type { Database } from '../db/database.ts';
import type { DoorRoutes } from '../http/door-routes.ts';
import type { Doorkeeper, SiteRoutes } from '../http/site-routes.ts';
import { type Auth, createAuth } from './auth.ts';
import { createDoorkeeper } from './doorkeeper.ts';
import { frontDoorRoutes } from './front-door-routes.ts';
import { accountRoutes } from './routes.ts';
import { createSessionCookies } from './session-cookie.ts';

export interface AccountsParts {
  readonly database: Database;
  /** Signs the session cookies, 32 characters or more; another secret ends all sessions. */
  readonly secret: string;
  /** Where people reach the server, if a proxy stands before it. */
  readonly publicUrl: URL | null;
  readonly log: FastifyBaseLogger;
}

/** What the HTTP server needs of the accounts, and what `createFirstAdmin` does. */
export interface Accounts {
  readonly auth: Auth;
  readonly doorkeeper: Doorkeeper;
  readonly siteRoutes: SiteRoutes;
  readonly doorRoutes: DoorRoutes;
}

/** Wires people, their sessions and the front door. */
export async function createAccounts(parts: AccountsParts): Promise<Accounts> {
  const { database, secret, publicUrl, log } = parts;
  const auth = await createAuth({ db: database.system, secret, log });
  const account = { database, auth, cookies: createSessionCookies(auth.cookieName, publicUrl) };
  return {
    auth,
    doorkeeper: createDoorkeeper(account),
    siteRoutes: accountRoutes(account),
    doorRoutes: frontDoorRoutes(account),
  };
}
