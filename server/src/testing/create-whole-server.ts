import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ROLES, type Role } from '@netdelta/core/access/roles.ts';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { createAccounts } from '../accounts/accounts.ts';
import { hashPassword } from '../accounts/password-hash.ts';
import { createClosing } from '../closing.ts';
import { parseConfig } from '../config.ts';
import { createLive } from '../db/live.ts';
import {
  createTestDatabase,
  createTestQueue,
  type TestDatabase,
} from '../db/testing/test-database.ts';
import { createFeatureParts, type FeatureParts } from '../features.ts';
import type { Log } from '../log.ts';
import { buildKeys } from '../secrets/testing/build-keys.ts';
import { createApiServer } from '../serve.ts';
import { insertPerson, insertSiteOf } from './queries.ts';

/** The server with all its features and real logins, on a database of its own. */
export interface WholeServer extends TestDatabase {
  /** Not listening: ask it with `inject`. */
  readonly app: FastifyInstance;
  /** Of which its features are built; no worker runs yet. */
  readonly parts: FeatureParts;
  /** The cookie of the site main's member in this role. */
  readonly cookieOf: (role: Role) => string;
  /** The cookie of the owner of another site. */
  readonly strangerCookie: string;
  /** The cookie of a platform administrator, who owns the site `other`, too. */
  readonly platformCookie: string;
}

const PASSWORD = 'correct horse battery';

/**
 * Makes the sites `main`, with a member in each role, and `other`. `environment`: variables beside the
 * data folder. Nothing is logged where nobody gives a log.
 */
export async function createWholeServer(
  environment: Readonly<Record<string, string>> = {},
  log: Log = pino({ level: 'silent' }),
): Promise<WholeServer> {
  const opened = await createTestDatabase();
  const { database, url } = opened;
  const closing = createClosing(log);
  closing.add('the database', opened.close);
  const dataDir = await mkdtemp(path.join(tmpdir(), 'netdelta-test-'));
  closing.add('its folder', () => rm(dataDir, { recursive: true }));
  const queue = await createTestQueue(database);
  closing.add('the queue', () => queue.stop(1_000));
  const live = await createLive(url, { log });
  closing.add('live events', live.close);
  const outcome = parseConfig({ NETDELTA_DATA_DIR: dataDir, ...environment });
  if (!outcome.ok) throw new Error(outcome.problems.join('\n'));
  const { config } = outcome;
  const parts = createFeatureParts(
    { config, log, database, queue, live, closing },
    { baseUrl: new URL('http://127.0.0.1:9004/'), version: '0.0.0' },
  );
  const accounts = await createAccounts({
    ...{ ...parts, ...buildKeys(), publicUrl: null },
    fetchOutside: fetch,
  });
  const app = await createApiServer(parts, accounts);
  closing.add('the server', () => app.close());
  const passwordHash = await hashPassword(PASSWORD);
  const [main, other] = await Promise.all(
    ['main', 'other'].map((slug) => insertSiteOf(database, slug)),
  );
  const enter = async (siteId = '', slug: string, role: Role, platformAdmin = false) => {
    const email = `${randomUUID()}@example.org`;
    await insertPerson(database, { email, passwordHash, siteId, role, platformAdmin });
    return login(app, slug, email);
  };
  const cookies = new Map<Role, string>();
  for (const role of ROLES) cookies.set(role, await enter(main, 'main', role));
  const strangerCookie = await enter(other, 'other', 'owner');
  const platformCookie = await enter(other, 'other', 'owner', true);
  return {
    ...opened,
    app,
    parts,
    cookieOf: (role) => cookies.get(role) ?? '',
    strangerCookie,
    platformCookie,
    close: closing.close,
  };
}

async function login(app: FastifyInstance, slug: string, email: string): Promise<string> {
  const payload = { email, password: PASSWORD };
  const reply = await app.inject({ method: 'POST', url: `/${slug}/api/v1/session`, payload });
  const [cookie] = reply.cookies;
  if (!cookie) throw new Error(`the login failed: ${reply.body}`);
  return `${cookie.name}=${encodeURIComponent(cookie.value)}`;
}
