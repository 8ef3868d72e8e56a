import type { InjectOptions } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeclaredRoute } from '../http/needs.ts';
import { createWholeServer, type WholeServer } from '../testing/create-whole-server.ts';
import {
  type SiteTable,
  selectFingerprint,
  selectTables,
  switchRowSecurity,
} from './testing/catalog-queries.ts';
import { settleSite } from './testing/settle-site.ts';
import { type SiteIds, selectOwner } from './testing/site-queries.ts';

/** What a parameter of a path is, by the resource that the path begins with. */
const PARAMETERS: Readonly<Record<string, keyof SiteIds>> = {
  'groups :id': 'group',
  'profiles :id': 'profile',
  'schedules :id': 'schedule',
  'scans :id': 'scan',
  'deltas :id': 'delta',
  'notifications :id': 'notification',
  'scope :id': 'authorisation',
  'hosts :groupId': 'group',
  'hosts :address': 'address',
  'members :id': 'member',
  'invitations :id': 'invitation',
  'api-keys :id': 'key',
  // Sessions have ids of their own: those of others are tried in own-account.test.ts.
  'account :id': 'member',
};

type Build = (ids: SiteIds) => object;
const timing = { kind: 'once', at: '2999-01-01T00:00:00Z' };
const groupOf = ({ profile }: SiteIds) => ({
  name: 'Mine',
  targets: '127.0.1.1',
  profileId: profile,
});
const scheduleOf = ({ group }: SiteIds) => ({ groupId: group, timing });

const signOn = {
  ...{ issuer: 'http://127.0.0.1:2', clientId: 'mine', clientSecret: null, scopes: 'openid' },
  ...{ groupsClaim: 'groups', admitsNew: true, linksByEmail: true, passwordAllowed: true },
  ...{ secondFactor: 'asserted', sessionHours: 1 },
};

const NO_PASSKEY = {
  ...{ id: 'AAAA', rawId: 'AAAA', type: 'public-key' },
  response: { clientDataJSON: 'AAAA', attestationObject: 'AAAA' },
};

/** A valid body for each route that takes one, with the ids of whoever is named. */
const BODIES: Readonly<Record<string, Build>> = {
  'POST session': () => ({ email: 'nobody@example.org', password: 'not the right one' }),
  'POST groups': groupOf,
  'PUT groups/:id': groupOf,
  'POST groups/check-targets': () => ({ targets: '127.0.1.1' }),
  'POST groups/:id/replay': () => ({ policy: { downAfter: 2 } }),
  'POST profiles': () => ({ name: 'Mine', options: {} }),
  'PUT profiles/:id': () => ({ name: 'Mine', options: {} }),
  'POST schedules/preview': () => ({ timing }),
  'POST schedules': scheduleOf,
  'PUT schedules/:id': scheduleOf,
  'POST scans': ({ group }) => ({ groupId: group }),
  'PUT hosts/:groupId/:address/rules': () => ({ downAfter: 9, serviceDownAfter: 9 }),
  'POST account/second-factor': () => ({ password: 'not the right one' }),
  'POST account/second-factor/confirm': () => ({ code: '000000' }),
  'POST account/passkeys/challenge': () => ({ password: 'not the right one' }),
  'POST account/passkeys': () => ({ name: 'Mine', credential: NO_PASSKEY }),
  'POST account/second-factor/recovery-codes': () => ({ code: '000000' }),
  'DELETE account/second-factor': () => ({ code: '000000' }),
  'PUT sign-on': () => ({
    ...signOn,
    enabled: true,
    label: 'Mine',
    roles: [],
    otherwise: 'viewer',
  }),
  'POST sign-on/check': () => signOn,
  'PUT member-rules': () => ({ secondFactorDemanded: true }),
  'PUT account': () => ({ name: 'Me' }),
  'PUT account/password': () => ({
    oldPassword: 'not the right one',
    password: 'a new one 4711 xyz',
  }),
  'PUT members/:id': () => ({ role: 'viewer' }),
  'POST invitations': () => ({ email: 'eve@example.org', role: 'viewer', delivery: 'link' }),
  'POST invitations/:id/renew': () => ({ delivery: 'link' }),
  'POST api-keys': () => ({ name: 'CI', scopes: ['read'], expiresAt: null }),
  'PUT site': () => ({ name: 'Mine', timeZone: 'UTC', dateLocale: 'en-GB' }),
  'POST site/removal': () => ({ name: 'not its name', keepsData: true }),
  'POST scope': () => ({ targets: '127.0.0.1', authorisedBy: 'me' }),
  'PUT scope/:id': () => ({ targets: '0.0.0.0/0', authorisedBy: 'me' }),
  'PUT settings': () => ({ historyWindow: 9, dangerPorts: '9' }),
  'PUT storage': () => ({ detailDays: 30, historyMonths: null }),
  'POST notifications/test': () => ({ recipient: 'nobody@example.org' }),
};

/** Filters that name something of a site. */
const QUERIES: Readonly<Record<string, (ids: SiteIds) => Record<string, string>>> = {
  'GET schedules': ({ group }) => ({ groupId: group }),
  'GET scans': ({ group }) => ({ groupId: group }),
  'GET deltas': ({ group }) => ({ groupId: group }),
  'GET storage/preview': () => ({ detailDays: '30' }),
  'POST groups/:id/import': () => ({ name: 'scan.xml' }),
  'GET export': ({ group }) => ({ format: 'csv', what: 'hosts', groupId: group }),
  'GET services': ({ group }) => ({ groupId: group }),
  'GET hosts': ({ group }) => ({ groupId: group }),
  'GET hosts/as-of': ({ group }) => ({ groupId: group, at: '2025-03-09T00:00:00Z' }),
  'GET hosts/:groupId/:address/as-of': () => ({ at: '2025-03-09T00:00:00Z' }),
  'GET compare': ({ scan, group }) => ({ from: scan, to: '2025-03-09T00:00:00Z', groupId: group }),
};

/** Without a body, or with none that names anything. */
const BODILESS = /^(GET|HEAD|DELETE) |\/(cancel|retry|runs|import|logo)$/;
const SITE_PREFIX = '/:site/api/v1/';

let server: WholeServer;
let ids: SiteIds;
let own: SiteIds;
let otherSite: string;
let tables: readonly SiteTable[];

beforeAll(async () => {
  server = await createWholeServer();
  const { database } = server;
  const [main, other] = [await selectOwner(database, 'main'), await selectOwner(database, 'other')];
  own = await settleSite(database, { ...main, marker: 'OWNMARK' });
  ids = await settleSite(database, { ...other, marker: 'OTHERMARK' });
  otherSite = other.siteId;
  tables = (await selectTables(database)).ofSites;
});
afterAll(() => server.close());

const nameOf = ({ method, path }: DeclaredRoute) => `${method} ${path.replace(SITE_PREFIX, '')}`;

interface Question {
  readonly site: 'main' | 'other';
  readonly cookie: string;
  /** Whose things are named. */
  readonly named: SiteIds;
}

async function ask(route: DeclaredRoute, { site, cookie, named }: Question) {
  const name = nameOf(route);
  const resource = name.split(/[ /]/)[1] ?? '';
  const path = route.path.replace(':site', site).replaceAll(/:\w+/g, (parameter) => {
    const kind = PARAMETERS[`${resource} ${parameter}`];
    if (!kind) throw new Error(`say in PARAMETERS what "${resource} ${parameter}" is`);
    return named[kind];
  });
  const query = new URLSearchParams(QUERIES[name.replace('HEAD', 'GET')]?.(named));
  const body = BODIES[name]?.(named);
  if (!body && !BODILESS.test(name)) throw new Error(`say in BODIES what "${name}" takes`);
  const streams = /events/.test(path);
  const reply = await server.app.inject({
    method: route.method as 'GET',
    url: `${path}?${query}`,
    headers: { cookie, 'sec-fetch-site': 'same-origin' },
    ...(body && { payload: body }),
    ...(streams && { payloadAsStream: true }),
  } as InjectOptions);
  if (!streams) return { status: reply.statusCode, body: reply.body };
  reply.stream().destroy();
  return { status: reply.statusCode, body: '' };
}

/** Logging out would end the sessions of this test; what is open to everybody has its own tests. */
const routes = () => server.app.siteRoutes.filter(({ needs }) => needs !== 'nothing');

/** Whether an answer tells anything of the other site, or something was done there. */
function tells({ body }: { body: string }): boolean {
  const { group, profile, schedule, scan } = ids;
  return (
    /OTHERMARK/i.test(body) || [group, profile, schedule, scan].some((id) => body.includes(id))
  );
}

async function crossByRoutes() {
  const cookie = server.cookieOf('owner');
  const leaks: string[] = [];
  let attempts = 0;
  const attempt = async (
    how: string,
    route: DeclaredRoute,
    question: Question,
    refusals: number[],
  ) => {
    attempts += 1;
    const reply = await ask(route, question);
    if (tells(reply)) leaks.push(`${how} ${nameOf(route)}: ${reply.body.slice(0, 200)}`);
    if (refusals.length > 0 && !refusals.includes(reply.status))
      leaks.push(`${how} ${nameOf(route)}: ${reply.status}`);
  };
  for (const route of routes()) {
    const name = nameOf(route);
    const inPath = /:/.test(name);
    const inBody = ['POST groups', 'POST schedules', 'POST scans'].includes(name);
    await attempt('at the other site', route, { site: 'other', cookie, named: ids }, [404]);
    await attempt(
      'by its ids',
      route,
      { site: 'main', cookie, named: ids },
      inPath || inBody ? [400, 404] : [],
    );
  }
  return { attempts, leaks };
}

describe('the owner of one site', () => {
  it('asks of another what exists there: its own owner gets an answer to each question', async () => {
    const wrong: string[] = [];
    for (const route of routes().filter(({ method }) => method === 'GET')) {
      const question = { site: 'other', cookie: server.strangerCookie, named: ids } as const;
      const { status, body } = await ask(route, question);
      if (status !== 200) wrong.push(`${nameOf(route)}: ${status} ${body}`);
    }
    expect(wrong).toEqual([]);
  });

  it('reaches nothing of another, by any route, parameter, filter or body', async () => {
    const before = await selectFingerprint(server.database, tables, otherSite);
    const { attempts, leaks } = await crossByRoutes();
    expect(leaks).toEqual([]);
    expect(attempts).toBe(routes().length * 2);
    expect(await selectFingerprint(server.database, tables, otherSite)).toEqual(before);
  });

  it('sees nothing of another in what is its own', async () => {
    const leaks: string[] = [];
    for (const route of routes().filter(({ method }) => method === 'GET')) {
      const question = { site: 'main', cookie: server.cookieOf('owner'), named: own } as const;
      const reply = await ask(route, question);
      if (tells(reply)) leaks.push(nameOf(route));
    }
    expect(leaks).toEqual([]);
  });

  it('would reach it with row-level security switched off: these attempts can fail', async () => {
    await switchRowSecurity(server.database, tables, false);
    try {
      const { leaks } = await crossByRoutes();
      expect(leaks.length).toBeGreaterThan(10);
    } finally {
      await switchRowSecurity(server.database, tables, true);
    }
  });
});
