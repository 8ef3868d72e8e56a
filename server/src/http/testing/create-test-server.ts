import { randomUUID } from 'node:crypto';
import { ROLE_TABLE } from '@netdelta/core/access/roles.ts';
import type {
  FastifyInstance,
  FastifyRequest,
  InjectOptions,
  LightMyRequestResponse,
} from 'fastify';
import { pino } from 'pino';
import type { Database } from '../../db/database.ts';
import { createHttpServer, type HttpParts } from '../server.ts';
import type { Doorkeeper, RequestPerson, RequestSite, SiteRoutes } from '../site-routes.ts';
import { insertTestSite } from './queries.ts';

/** The site's API as its logged-in owner sees it. */
export interface TestServer {
  readonly app: FastifyInstance;
  /** Has the built-in profiles. */
  readonly site: RequestSite;
  readonly user: RequestPerson;
  /** The header of the logged-in owner: `{ cookie }`. */
  readonly headers: { readonly cookie: string };
  /** Asks as the owner, e.g. `call('POST', 'groups', body)`; `path` is below `/<site>/api/v1/`. */
  readonly call: (
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    body?: object,
  ) => Promise<LightMyRequestResponse>;
}

/**
 * A whole HTTP server on a real database, with a new site and its owner, for the routes of one
 * feature. The login alone is not the real one. Close `app` when done.
 */
export async function createTestServer(
  database: Database,
  siteRoutes: readonly SiteRoutes[],
  overrides: Partial<RequestSite> = {},
): Promise<TestServer> {
  const user = buildRequestUser();
  const site = await insertTestSite(
    database.system,
    { slug: 'main', name: 'Main', timeZone: 'UTC', targetLimit: 65_536, ...overrides },
    user,
  );
  const doorkeeper = createTestDoorkeeper([[site, user]]);
  const checkDatabase = () => database.pool.query('select 1');
  const app = await createHttpServer(buildHttpParts({ doorkeeper, checkDatabase, siteRoutes }));
  const headers = cookieOf(user);
  const call: TestServer['call'] = (method, path, body) => {
    const url = `/${site.slug}/api/v1/${path}`;
    const json = { 'content-type': 'application/json', ...headers };
    const request: InjectOptions = { method, url, headers: json, ...(body && { payload: body }) };
    return app.inject(request);
  };
  return { app, site, user, headers, call };
}

/** Parts of a server that logs nothing and knows no site; override what the test is about. */
export function buildHttpParts(overrides: Partial<HttpParts> = {}): HttpParts {
  return {
    log: pino({ level: process.env.TLOG ?? 'silent' }),
    publicUrl: null,
    trustedProxies: [],
    version: '0.0.0',
    pagesFolder: '/nonexistent',
    doorkeeper: createTestDoorkeeper([]),
    checkDatabase: async () => undefined,
    siteRoutes: [],
    ...overrides,
  };
}

/** A site that no database knows. */
export function buildRequestSite(overrides: Partial<RequestSite> = {}): RequestSite {
  const id = randomUUID();
  return { id, slug: 'main', name: 'Main', timeZone: 'UTC', targetLimit: 100, ...overrides };
}

/** A person for tests; the e-mail is made from the id, so that two persons never clash. */
export function buildRequestUser(overrides: Partial<RequestPerson> = {}): RequestPerson {
  const id = randomUUID();
  const { role = 'owner' } = overrides;
  const { permissions } = ROLE_TABLE[role];
  return {
    id,
    name: 'Ada',
    email: `${id}@example.org`,
    role,
    permissions,
    lacksSecondFactor: false,
    signedOn: false,
    ...overrides,
  };
}

/** The cookie header that the test doorkeeper takes for this person. */
export function cookieOf({ id }: RequestPerson): { cookie: string } {
  return { cookie: `test-user=${id}` };
}

/** Knows the given sites and one member of each, and believes any cookie. */
export function createTestDoorkeeper(
  members: readonly (readonly [RequestSite, RequestPerson])[],
): Doorkeeper {
  return {
    findSite: async (slug) => members.find(([site]) => site.slug === slug)?.[0] ?? null,
    findUser: async (request: FastifyRequest, { id }) => {
      const userId = request.cookies['test-user'];
      if (!userId) return 'nobody';
      const member = members.find(([site, user]) => site.id === id && user.id === userId);
      return member?.[1] ?? 'stranger';
    },
    findVisitor: async () => null,
  };
}
