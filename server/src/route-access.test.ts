import { ROLES, type Role } from '@netdelta/core/access/roles.ts';
import type { InjectOptions } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DeclaredRoute } from './http/needs.ts';
import { createWholeServer, type WholeServer } from './testing/create-whole-server.ts';

/**
 * Who may call what, written down apart from the routes: `public` is everybody, `person` any
 * member, the others are the permissions of a role. A new route fails here until it has its line.
 */
const EXPECTED: Readonly<Record<string, string>> = {
  'GET openapi.json': 'read',
  'POST session': 'public',
  'GET session': 'person',
  'DELETE session': 'public',
  'POST session/passkey/challenge': 'public',
  'POST session/passkey': 'public',
  'GET account/passkeys': 'person',
  'POST account/passkeys/challenge': 'person',
  'POST account/passkeys': 'person',
  'DELETE account/passkeys/:id': 'person',
  'PUT account': 'person',
  'PUT account/password': 'person',
  'GET account/sessions': 'person',
  'DELETE account/sessions': 'person',
  'DELETE account/sessions/:id': 'person',
  'GET account/second-factor': 'person',
  'POST account/second-factor': 'person',
  'POST account/second-factor/confirm': 'person',
  'DELETE account/second-factor': 'person',
  'POST account/second-factor/recovery-codes': 'person',
  'GET sign-on': 'members',
  'PUT sign-on': 'members',
  'DELETE sign-on': 'members',
  'POST sign-on/check': 'members',
  'GET sign-on/offer': 'public',
  'GET sign-on/start': 'public',
  'GET sign-on/callback': 'public',
  'GET member-rules': 'read',
  'PUT member-rules': 'members',
  'POST password-resets': 'public',
  'POST password-resets/use': 'public',
  'GET members': 'read',
  'PUT members/:id': 'members',
  'DELETE members/:id': 'members',
  'GET invitations': 'members',
  'POST invitations': 'members',
  'POST invitations/:id/renew': 'members',
  'DELETE invitations/:id': 'members',
  'POST invitation/look': 'public',
  'POST invitation/accept': 'public',
  'GET api-keys': 'keys',
  'POST api-keys': 'keys',
  'DELETE api-keys/:id': 'keys',
  'GET groups': 'read',
  'GET groups/:id': 'read',
  'POST groups': 'configure',
  'PUT groups/:id': 'configure',
  'DELETE groups/:id': 'configure',
  'POST groups/check-targets': 'configure',
  'POST groups/:id/replay': 'configure',
  'POST groups/:id/import': 'scan',
  'GET profiles': 'read',
  'GET profiles/:id': 'read',
  'POST profiles': 'configure',
  'PUT profiles/:id': 'configure',
  'DELETE profiles/:id': 'configure',
  'GET schedules': 'read',
  'POST schedules/preview': 'configure',
  'POST schedules': 'configure',
  'PUT schedules/:id': 'configure',
  'DELETE schedules/:id': 'configure',
  'GET scans': 'read',
  'POST scans': 'scan',
  'GET scans/:id': 'read',
  'POST scans/:id/cancel': 'scan',
  'GET scans/:id/events': 'read',
  'GET deltas': 'read',
  'GET deltas/:id': 'read',
  'GET overview': 'read',
  'GET hosts': 'read',
  'GET hosts/:groupId/:address': 'read',
  'GET hosts/as-of': 'read',
  'GET hosts/:groupId/:address/as-of': 'read',
  'GET compare': 'read',
  'GET services': 'read',
  'PUT hosts/:groupId/:address/rules': 'configure',
  'GET settings': 'read',
  'PUT settings': 'configure',
  'GET site': 'read',
  'PUT site': 'configure',
  'GET site/logo': 'read',
  'PUT site/logo': 'configure',
  'DELETE site/logo': 'configure',
  'GET quotas': 'read',
  'POST site/removal': 'own',
  'GET scope': 'read',
  'POST scope': 'configure',
  'PUT scope/:id': 'configure',
  'DELETE scope/:id': 'configure',
  'GET storage': 'read',
  'PUT storage': 'configure',
  'GET storage/preview': 'read',
  'POST storage/runs': 'configure',
  'GET export': 'read',
  'GET notifications': 'read',
  'POST notifications/test': 'configure',
  'POST notifications/:id/retry': 'configure',
  'GET audit': 'audit',
  'GET audit/check': 'audit',
  'GET audit/export': 'audit',
  'GET system': 'read',
};

const EXPECTED_AT_THE_DOOR: Readonly<Record<string, string>> = {
  'GET sites': 'public',
  'POST setup': 'public',
  'POST session': 'public',
  'DELETE session': 'public',
  'POST session/passkey/challenge': 'public',
  'POST session/passkey': 'public',
  'POST sites/:slug/enter': 'person',
  'GET platform/sites': 'platform',
  'POST platform/sites': 'platform',
  'POST platform/sites/:slug/removal': 'platform',
  'POST platform/sites/:slug/restore': 'platform',
  'GET platform/audit': 'platform',
  'GET platform/sites/:slug/quotas': 'platform',
  'PUT platform/sites/:slug/quotas': 'platform',
  'GET platform/sites/:slug/scope': 'platform',
  'POST platform/sites/:slug/scope': 'platform',
  'PUT platform/sites/:slug/scope/:id': 'platform',
  'DELETE platform/sites/:slug/scope/:id': 'platform',
};

/** The roles of each line above, a second time on purpose (core has the first). */
const ALLOWED: Readonly<Record<string, readonly Role[]>> = {
  public: ROLES,
  person: ROLES,
  read: ROLES,
  scan: ['owner', 'administrator', 'operator'],
  configure: ['owner', 'administrator'],
  keys: ['owner', 'administrator'],
  members: ['owner', 'administrator'],
  own: ['owner'],
  audit: ['owner', 'administrator', 'auditor'],
};

let server: WholeServer;
beforeAll(async () => {
  server = await createWholeServer();
});
afterAll(() => server.close());

const nameOf = ({ method, path }: DeclaredRoute, prefix: string) =>
  `${method} ${path.replace(prefix, '')}`;
const withoutHead = (routes: readonly DeclaredRoute[]) =>
  routes.filter(({ method }) => method !== 'HEAD');

test('every route of the API is in the table, and every line of the table is a route', () => {
  const inSites = withoutHead(server.app.siteRoutes).map((route) => nameOf(route, SITE_PREFIX));
  expect(inSites.sort()).toEqual(Object.keys(EXPECTED).sort());
  const atTheDoor = withoutHead(server.app.doorRoutes).map((route) => nameOf(route, '/api/v1/'));
  expect(atTheDoor.sort()).toEqual(Object.keys(EXPECTED_AT_THE_DOOR).sort());
});

const SITE_PREFIX = '/:site/api/v1/';
const PARAMETERS: Readonly<Record<string, string>> = {
  ':site': 'main',
  ':slug': 'main',
  ':address': '127.0.0.1',
  ':groupId': '00000000-0000-4000-8000-000000000000',
  ':id': '00000000-0000-4000-8000-000000000000',
};

/** Things that do not exist, and no body: whoever is let in gets a 4xx of another kind, or an answer. */
async function ask({ method, path }: DeclaredRoute, cookie: string | undefined) {
  const url = path.replaceAll(/:\w+/g, (name) => PARAMETERS[name] ?? name);
  const headers = { 'content-type': 'application/json', ...(cookie && { cookie }) };
  const reply = await server.app.inject({ method, url, headers } as InjectOptions);
  return { status: reply.statusCode, body: reply.body };
}

/** Logging in and out is for everybody, and would end the sessions of this test. */
const isAsked = (route: DeclaredRoute) =>
  !/^(POST|DELETE) .*\/session$/.test(`${route.method} ${route.path}`);

describe('every route before the sites', () => {
  test.each([
    ['nobody', 401, 401],
    ['a person', 200, 403],
    ['a platform administrator', 200, 200],
  ])('answers %s as the table says', async (who, toPersons, toPlatform) => {
    const cookie = { nobody: undefined, 'a person': server.cookieOf('owner') }[who];
    const wrong: string[] = [];
    for (const route of server.app.doorRoutes.filter(isAsked)) {
      const name = nameOf(route, '/api/v1/').replace(/^HEAD/, 'GET');
      const needed = EXPECTED_AT_THE_DOOR[name];
      const expected = { public: 200, person: toPersons, platform: toPlatform }[needed ?? ''];
      const { status } = await ask(
        route,
        who.startsWith('a platform') ? server.platformCookie : cookie,
      );
      const seen = status === 401 || status === 403 ? status : 200;
      if (seen !== expected) wrong.push(`${name}: ${status}`);
    }
    expect(wrong).toEqual([]);
  });
});

describe('every route of a site', () => {
  test.each(ROLES)(
    'lets the %s do what the table says, and says who may the rest',
    async (role) => {
      const wrong: string[] = [];
      for (const route of server.app.siteRoutes.filter(isAsked)) {
        const name = nameOf(route, SITE_PREFIX);
        const needed = EXPECTED[name.replace(/^HEAD/, 'GET')] ?? '';
        const { status, body } = await ask(route, server.cookieOf(role));
        const refused = status === 403 || status === 401;
        if (refused === ALLOWED[needed]?.includes(role)) wrong.push(`${name}: ${status}`);
        if (status >= 500) wrong.push(`${name}: ${status}`);
        if (refused && route.method !== 'HEAD' && !/^Only an owner/.test(JSON.parse(body).message))
          wrong.push(`${name}: ${body}`);
      }
      expect(wrong).toEqual([]);
    },
  );

  test.each([
    ['nobody', 401],
    ['a member of another site', 404],
  ])('turns %s away with %i', async (who, expected) => {
    const wrong: string[] = [];
    const cookie = who === 'nobody' ? undefined : server.strangerCookie;
    for (const route of server.app.siteRoutes.filter(isAsked)) {
      const { status } = await ask(route, cookie);
      const { needs } = route;
      if (needs !== 'nothing' && status !== expected)
        wrong.push(`${nameOf(route, SITE_PREFIX)}: ${status}`);
    }
    expect(wrong).toEqual([]);
  });
});
