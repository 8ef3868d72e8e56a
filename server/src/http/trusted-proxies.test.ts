import { afterEach, describe, expect, test } from 'vitest';
import { addressOf } from './client-address.ts';
import { createHttpServer, type HttpParts } from './server.ts';
import type { SiteRoutes } from './site-routes.ts';
import {
  buildHttpParts,
  buildRequestSite,
  buildRequestUser,
  cookieOf,
  createTestDoorkeeper,
} from './testing/create-test-server.ts';

const owner = buildRequestUser();
const doorkeeper = createTestDoorkeeper([[buildRequestSite(), owner]]);

/** Answers whom the server takes for the client. */
const whoRoutes: SiteRoutes = async (app) => {
  const config = { needs: 'read' } as const;
  app.get('/who', { config }, async (request) => ({
    client: addressOf(request),
    origin: `${request.protocol}://${request.host}`,
  }));
  app.delete('/who', { config }, async (_request, reply) => reply.code(204).send());
};

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function createApp(overrides: Partial<HttpParts>) {
  const app = await createHttpServer(
    buildHttpParts({ doorkeeper, siteRoutes: [whoRoutes], ...overrides }),
  );
  closers.push(() => app.close());
  return app;
}

const url = '/main/api/v1/who';
const forwarded = (chain: string) => ({
  host: 'inside:9004',
  'x-forwarded-for': chain,
  'x-forwarded-proto': 'https',
  'x-forwarded-host': 'nd.example',
});
const NAMED = 'https://nd.example';
const OWN = 'http://inside:9004';

describe('X-Forwarded headers', () => {
  test.each<[trusted: string[], from: string, chain: string, client: string, origin: string]>([
    [[], '127.0.0.1', '203.0.113.9', '127.0.0.1', OWN],
    [[], '::ffff:192.0.2.1', '203.0.113.9', '192.0.2.1', OWN],
    [['10.0.0.0/8'], '192.0.2.1', '203.0.113.9', '192.0.2.1', OWN],
    [['10.0.0.0/8'], '10.0.0.1', '203.0.113.9', '203.0.113.9', NAMED],
    [['10.0.0.0/8'], '::ffff:10.0.0.1', '203.0.113.9', '203.0.113.9', NAMED],
    // The client wrote the first one itself, and the proxy added where it really comes from.
    [['10.0.0.0/8'], '10.0.0.1', '198.51.100.1, 203.0.113.9', '203.0.113.9', NAMED],
    [['10.0.0.0/8'], '10.0.0.1', '10.9.9.9, 203.0.113.9', '203.0.113.9', NAMED],
    [['10.0.0.0/8'], '10.0.0.1', 'what, ever, 203.0.113.9', '203.0.113.9', NAMED],
    // Two proxies, one behind the other.
    [['10.0.0.1', '10.0.0.2'], '10.0.0.1', '203.0.113.9, 10.0.0.2', '203.0.113.9', NAMED],
    [['10.0.0.1'], '10.0.0.1', '203.0.113.9, 10.0.0.2', '10.0.0.2', NAMED],
    [['fd00::/8'], 'fd00::1', '2001:db8::7', '2001:db8::7', NAMED],
  ])('with %j trusted, from %s with %s: the client is %s', async (trusted, ...asked) => {
    const [remoteAddress, chain, client, origin] = asked;
    const app = await createApp({ trustedProxies: trusted });
    const headers = { ...cookieOf(owner), ...forwarded(chain) };
    const reply = await app.inject({ url, headers, remoteAddress });
    expect(reply.json()).toEqual({ client, origin });
  });

  test.each([
    ['10.0.0.1', 204],
    ['192.0.2.1', 403],
  ])('make a foreign page one of this server only when %s is trusted', async (from, status) => {
    const app = await createApp({ trustedProxies: ['10.0.0.1'] });
    const headers = { ...cookieOf(owner), ...forwarded('203.0.113.9'), origin: NAMED };
    const request = { method: 'DELETE', url, headers, remoteAddress: from } as const;
    expect((await app.inject(request)).statusCode).toBe(status);
  });

  test('let nobody escape the limits by naming another client each time', async () => {
    const app = await createApp({});
    const ask = (chain: string) =>
      app.inject({ url: '/nowhere/api/v1/who', headers: forwarded(chain) });
    const statuses = new Set<number>();
    for (let count = 0; count < 3_001; count += 1)
      statuses.add((await ask(`203.0.113.${count % 250}`)).statusCode);
    expect([...statuses]).toEqual([404, 429]);
    const reply = await ask('198.51.100.1');
    expect(reply.json().message).toMatch(
      /^Too many requests from 127\.0\.0\.1\. Try again in \d+ s/,
    );
    expect(Number(reply.headers['retry-after'])).toBeGreaterThan(0);
  });
});

test.each([
  ['https://nd.example/', 'max-age=31536000', 'same-origin'],
  ['http://nd.example/', undefined, undefined],
])('below %s browsers are told to come by https: %s', async (publicUrl, sts, opener) => {
  const app = await createApp({ publicUrl: new URL(publicUrl) });
  const { headers } = await app.inject({ url: '/healthz' });
  expect(headers['strict-transport-security']).toBe(sts);
  expect(headers['cross-origin-opener-policy']).toBe(opener);
  expect(headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
  });
});
