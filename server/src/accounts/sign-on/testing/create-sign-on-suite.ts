import type { SignOnRefusal } from '@netdelta/core/access/sign-on.ts';
import type { SignOnRequest } from '@netdelta/core/api/sign-on.ts';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect } from 'vitest';
import { createOutbound, type FetchOutside } from '../../../outbound/fetch-outside.ts';
import { createBrowser } from '../../testing/create-account-server.ts';
import { createAccountSuite } from '../../testing/create-account-suite.ts';
import {
  CLIENT,
  type ProviderPerson,
  type StartedProvider,
  startProvider,
} from './start-provider.ts';

const SIGN_ON = '/example/api/v1/sign-on';
const LOOPBACK = { hosts: [], networks: ['127.0.0.0/8', '::1/128'] };
const SITES = ['example', 'other'];

/** An account suite whose site `example` has a provider, by which people come in. */
export function createSignOnSuite() {
  const accounts = createAccountSuite();
  let provider: StartedProvider;
  // The guard of the server, which may go to this machine alone.
  const outbound = createOutbound(LOOPBACK);
  let ask = outbound.fetchOutside;
  beforeAll(async () => {
    provider = await startProvider(
      SITES.map((slug) => `https://nd.example/${slug}/api/v1/sign-on/callback`),
    );
  });
  afterAll(async () => {
    await outbound.close();
    await provider.close();
  });

  const ruleOf = (overrides: Partial<SignOnRequest> = {}): SignOnRequest => ({
    ...{ enabled: true, label: 'Keycloak', issuer: provider.issuer },
    ...{ clientId: CLIENT.id, clientSecret: CLIENT.secret },
    ...{ scopes: 'openid profile email groups', groupsClaim: 'groups' },
    roles: [
      { group: 'nd-operators', role: 'operator' },
      { group: 'nd-auditors', role: 'auditor' },
    ],
    ...{ otherwise: null, admitsNew: true, linksByEmail: false, passwordAllowed: true },
    ...{ secondFactor: 'asserted', sessionHours: 12 },
    ...overrides,
  });

  /** Ada owns `example`, which has a provider by this rule. */
  const start = async (overrides: Partial<SignOnRequest> = {}, publicUrl: URL | null = null) => {
    ask = outbound.fetchOutside;
    const fetchOutside: FetchOutside = (url, init) => ask(url, init);
    const server = await accounts.startSetUpServer({ fetchOutside, publicUrl });
    const set = async (changes: Partial<SignOnRequest>) => {
      const reply = await server.ask('PUT', SIGN_ON, ruleOf(changes));
      expect([reply.statusCode, reply.body]).toEqual([200, expect.any(String)]);
    };
    await set(overrides);
    return { ...server, set, come: (who: ProviderPerson) => come(server.app, provider, who) };
  };
  return {
    accounts,
    start,
    ruleOf,
    get provider() {
      return provider;
    },
    /** Until the next start: what the server gets of the provider. */
    askBy: (other: FetchOutside) => {
      ask = other;
    },
  };
}

type Browser = ReturnType<typeof createBrowser>;

/** Sends a browser to the provider, up to the address to which it is sent back. */
export async function leaveFor(
  browser: Browser,
  provider: StartedProvider,
  who: ProviderPerson,
  slug = 'example',
): Promise<string> {
  const start = await browser.ask('GET', `/${slug}/api/v1/sign-on/start?next=/groups`);
  const away = String(start.headers.location);
  if (!away.startsWith('http')) return away;
  const back = await provider.visit(away, who);
  return `${back.pathname}${back.search}`;
}

/** All the way, in a browser of one's own; `refused`: why not, as the login page is told. */
export async function come(
  app: FastifyInstance,
  provider: StartedProvider,
  who: ProviderPerson,
  slug = 'example',
) {
  const browser = createBrowser(app);
  const back = await leaveFor(browser, provider, who, slug);
  const landed = back.includes('/callback')
    ? String((await browser.ask('GET', back)).headers.location)
    : back;
  const session = await browser.ask('GET', `/${slug}/api/v1/session`);
  return { ...browser, landed, refused: refusalIn(landed), session };
}

export function refusalIn(location: string): SignOnRefusal | null {
  return new URL(location, 'http://x').searchParams.get('refused') as SignOnRefusal | null;
}
