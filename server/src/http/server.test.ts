import { apiError } from '@netdelta/core/api/page.ts';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { notFound, RequestProblem } from './request-problem.ts';
import { createHttpServer, type HttpParts } from './server.ts';
import type { SiteRoutes } from './site-routes.ts';
import {
  buildHttpParts,
  buildRequestSite,
  buildRequestUser,
  cookieOf,
  createTestDoorkeeper,
} from './testing/create-test-server.ts';

const site = buildRequestSite();
const owner = buildRequestUser();
const stranger = buildRequestUser();
const doorkeeper = createTestDoorkeeper([[site, owner]]);

class DatabaseError extends Error {
  readonly code: string;
  constructor(code: string) {
    super('relation "secrets" at 10.0.0.1');
    this.code = code;
  }
}

/** Routes that end in every way in which routes end. */
const exampleRoutes: SiteRoutes = async (app) => {
  const body = z.object({ name: z.string().min(1), ports: z.array(z.int()).min(1) });
  const thing = z.object({ name: z.string(), by: z.string(), site: z.string() });
  app.post(
    '/things',
    { config: { needs: 'read' }, schema: { body, response: { 200: thing } } },
    async ({ user, site: { slug }, body: { name } }) => ({ name, by: user.email, site: slug }),
  );
  const config = { needs: 'read' } as const;
  app.post('/things/touch', { config }, async ({ body: sent }) => ({ sent: sent === undefined }));
  app.delete('/things', { config }, async (_request, reply) => reply.code(204).send());
  const failures: Record<string, Error> = {
    gone: notFound('thing'),
    many: new RequestProblem(422, 'bad-targets', 'No.', [
      { path: 'targets', message: 'x', line: 3 },
    ]),
    unique: new DatabaseError('23505'),
    nul: new DatabaseError('22021'),
    refused: new DatabaseError('ECONNREFUSED'),
    stopping: new DatabaseError('57P01'),
    pool: new Error('timeout exceeded when trying to connect'),
    names: new AggregateError([new DatabaseError('ECONNREFUSED')]),
    wrapped: new Error('x', { cause: new DatabaseError('57P03') }),
    bug: new TypeError('secret inside'),
  };
  app.get(
    '/fail/:how',
    { config, schema: { params: z.object({ how: z.string() }) } },
    ({ params }) => {
      throw failures[params.how] ?? new Error('no such failure');
    },
  );
};

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function createApp(overrides: Partial<HttpParts> = {}) {
  const app = await createHttpServer(
    buildHttpParts({ doorkeeper, siteRoutes: [exampleRoutes], ...overrides }),
  );
  closers.push(() => app.close());
  return app;
}

describe('errors', () => {
  test.each([
    ['gone', 404, 'not-found'],
    ['many', 422, 'bad-targets'],
    ['unique', 409, 'exists-already'],
    ['nul', 400, 'bad-request'],
    ['refused', 503, 'database-away'],
    ['stopping', 503, 'database-away'],
    ['pool', 503, 'database-away'],
    ['names', 503, 'database-away'],
    ['wrapped', 503, 'database-away'],
    ['bug', 500, 'unexpected'],
  ])('%s is answered %i %s and tells no inside', async (how, status, code) => {
    const app = await createApp();
    const url = `/main/api/v1/fail/${how}`;
    const reply = await app.inject({ url, headers: cookieOf(owner) });
    expect(reply.statusCode).toBe(status);
    expect(apiError.parse(reply.json()).code).toBe(code);
    expect(reply.body).not.toMatch(/secret|10\.0\.0\.1/);
    expect(reply.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('a bad body is 400 with every problem', async () => {
    const app = await createApp();
    const payload = { name: '', ports: [1, 'http', 2.5] };
    const headers = cookieOf(owner);
    const reply = await app.inject({
      method: 'POST',
      url: '/main/api/v1/things',
      payload,
      headers,
    });
    expect(reply.statusCode).toBe(400);
    const { code, problems } = apiError.parse(reply.json());
    expect(code).toBe('invalid');
    expect(problems.map(({ path }) => path)).toEqual(['name', 'ports.1', 'ports.2']);
  });

  test.each([
    ['{"name":', 400, 'refused'],
    [JSON.stringify({ name: 'x'.repeat(9_000_000) }), 413, 'too-large'],
  ])('a body that is broken or too large', async (payload, status, code) => {
    const app = await createApp();
    const headers = { 'content-type': 'application/json', ...cookieOf(owner) };
    const reply = await app.inject({
      method: 'POST',
      url: '/main/api/v1/things',
      payload,
      headers,
    });
    expect(reply.statusCode).toBe(status);
    expect(apiError.parse(reply.json()).code).toBe(code);
  });

  test('an unknown address of the API is 404 in JSON', async () => {
    const app = await createApp();
    for (const url of ['/main/api/v1/nothing', '/api/v2/sites']) {
      const reply = await app.inject({ url, headers: cookieOf(owner) });
      expect(reply.statusCode).toBe(404);
      expect(apiError.parse(reply.json()).code).toBe('not-found');
    }
  });
});

describe('who may enter', () => {
  test.each([
    ['the owner', '/main', cookieOf(owner), 200],
    ['nobody', '/main', {}, 401],
    ['a stranger', '/main', cookieOf(stranger), 404],
    ['the owner in a site that is not there', '/other', cookieOf(owner), 404],
  ])('%s', async (_who, prefix, headers, status) => {
    const app = await createApp();
    const payload = { name: 'a', ports: [1] };
    const url = `${prefix}/api/v1/things`;
    const reply = await app.inject({ method: 'POST', url, payload, headers });
    expect(reply.statusCode).toBe(status);
    if (status === 200) expect(reply.json()).toEqual({ name: 'a', by: owner.email, site: 'main' });
  });

  test.each([
    [{}, 403],
    [{ origin: 'https://evil.example' }, 403],
    [{ 'content-type': 'text/plain', origin: 'https://evil.example' }, 403],
    [{ 'sec-fetch-site': 'cross-site' }, 403],
    [{ origin: 'http://localhost:80' }, 204],
    [{ origin: 'https://net.example' }, 204],
    [{ 'sec-fetch-site': 'same-origin' }, 204],
    [{ 'content-type': 'application/json' }, 204],
  ])('a change asked with %o is answered %i', async (extra, status) => {
    const app = await createApp({ publicUrl: new URL('https://net.example/') });
    const headers = { ...cookieOf(owner), host: 'localhost:80', ...extra };
    const reply = await app.inject({ method: 'DELETE', url: '/main/api/v1/things', headers });
    expect(reply.statusCode).toBe(status);
  });

  test('JSON without a body is no body', async () => {
    const app = await createApp();
    const headers = { 'content-type': 'application/json', ...cookieOf(owner) };
    const reply = await app.inject({ method: 'POST', url: '/main/api/v1/things/touch', headers });
    expect(reply.json()).toEqual({ sent: true });
  });
});

describe('documents and health', () => {
  test('OpenAPI 3.1 names the paths of the site', async () => {
    const app = await createApp();
    const url = '/main/api/v1/openapi.json';
    const document = (await app.inject({ url, headers: cookieOf(owner) })).json();
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths)).toContain('/main/api/v1/things');
    const parameters = document.paths['/main/api/v1/fail/{how}'].get.parameters;
    expect(parameters.map(({ name }: { name: string }) => name)).toEqual(['how']);
    expect(document.paths['/main/api/v1/things'].post).toMatchObject({
      'x-needs': 'read',
      security: [{ key: [] }],
    });
    expect(document.paths['/main/api/v1/things'].post.requestBody.content).toHaveProperty(
      'application/json.schema.properties.ports'.split('.'),
    );
  });

  test('the process lives without its database, but is not ready', async () => {
    const checkDatabase = () => Promise.reject(new DatabaseError('ECONNREFUSED'));
    const app = await createApp({ checkDatabase });
    expect((await app.inject('/healthz')).statusCode).toBe(200);
    const reply = await app.inject('/readyz');
    expect([reply.statusCode, reply.json().code]).toEqual([503, 'database-away']);
    expect(reply.json().message).toContain('does not answer; retrying');
    expect((await (await createApp()).inject('/readyz')).statusCode).toBe(200);
  });
});
