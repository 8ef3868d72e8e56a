import type { Role } from '@netdelta/core/access/roles.ts';
import { sessionView } from '@netdelta/core/api/accounts.ts';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { createTestDatabase } from '../../db/testing/test-database.ts';
import { createSetupLink } from '../setup.ts';
import { buildSetupRequest } from './build-setup-request.ts';
import { createAccountServer, createBrowser } from './create-account-server.ts';

/** For one test file: a database that each test finds without sites and people, and servers that end with their test. */
export function createAccountSuite() {
  const closers: (() => Promise<unknown>)[] = [];
  let opened: Awaited<ReturnType<typeof createTestDatabase>>;
  beforeAll(async () => {
    opened = await createTestDatabase();
  });
  beforeEach(async () => {
    const { pool } = opened.database;
    await pool.query(
      'delete from sites; delete from users; delete from setup_links; delete from attempts',
    );
  });
  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
  });
  afterAll(() => opened.close());
  const startServer = async (options?: Parameters<typeof createAccountServer>[1]) => {
    const { app, parts } = await createAccountServer(opened.database, options);
    closers.push(() => app.close());
    return { app, parts, ...createBrowser(app) };
  };
  /** With the site `example`, whose owner Ada is logged in. */
  const startSetUpServer = async (options?: Parameters<typeof startServer>[0]) => {
    const server = await startServer(options);
    const link = await createSetupLink(opened.database, SERVER_URL);
    const setup = buildSetupRequest({ token: link?.searchParams.get('token') ?? '' });
    expect((await server.ask('POST', '/api/v1/setup', setup)).statusCode).toBe(201);
    return { ...server, join: createJoin(server) };
  };
  return {
    /** Only within hooks and tests. */
    get database() {
      return opened.database;
    },
    afterTest: (close: () => Promise<unknown>) => void closers.push(close),
    startServer,
    startSetUpServer,
  };
}

const SERVER_URL = new URL('http://127.0.0.1:9004/');
/** Of everybody who joins by `join`. */
export const JOINER_PASSWORD = 'quite a long password';

type Server = Pick<Awaited<ReturnType<typeof createAccountServer>>, 'app'> &
  ReturnType<typeof createBrowser>;

/** Lets the owner invite somebody by link, who accepts in a browser of their own. */
function createJoin({ app, ask }: Server) {
  return async (email: string, role: Role) => {
    const made = await ask('POST', '/example/api/v1/invitations', {
      email,
      role,
      delivery: 'link',
    });
    expect(made.statusCode).toBe(201);
    const token = tokenIn(made.json().link);
    const browser = createBrowser(app);
    const body = { token, name: `A ${role}`, password: JOINER_PASSWORD };
    const joined = await browser.ask('POST', '/example/api/v1/invitation/accept', body);
    expect(joined.statusCode).toBe(200);
    return { ...browser, id: sessionView.parse(joined.json()).user.id };
  };
}

export function tokenIn(link: string): string {
  return new URL(link).searchParams.get('token') ?? '';
}
