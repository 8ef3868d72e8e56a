import type { AuditView } from '@netdelta/core/api/audit.ts';
import type { InjectOptions } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildScanXml } from './imports/testing/build-scan-xml.ts';
import { createWholeServer, type WholeServer } from './testing/create-whole-server.ts';
import { giveSecondFactors } from './testing/queries.ts';

let server: WholeServer;
beforeAll(async () => {
  server = await createWholeServer();
});
afterAll(() => server.close());

const call = (
  method: InjectOptions['method'],
  path: string,
  payload?: object | string,
  type = 'application/octet-stream',
) =>
  server.app.inject({
    ...{ method: method as 'GET', url: `/main/api/v1/${path}` },
    headers: {
      cookie: server.cookieOf('owner'),
      'sec-fetch-site': 'same-origin',
      ...((typeof payload === 'string' || Buffer.isBuffer(payload)) && { 'content-type': type }),
    },
    ...(payload && { payload }),
  });

const HOST = '127.0.1.1';

/** Routes that look like changes, but only answer a question, or are written down elsewhere. */
const QUESTIONS = new Set([
  'POST /invitation/look',
  // A person's own, written down in all their sites: account-events.test.ts.
  'PUT /account',
  'PUT /account/password',
  'DELETE /account/sessions',
  'DELETE /account/sessions/{id}',
  'POST /account/second-factor',
  'POST /account/second-factor/confirm',
  'DELETE /account/second-factor',
  'POST /account/second-factor/recovery-codes',
  'POST /account/passkeys/challenge',
  'POST /account/passkeys',
  'DELETE /account/passkeys/{id}',
  'POST /session/passkey/challenge',
  'POST /session/passkey',
  'POST /password-resets',
  'POST /password-resets/use',
  // Nobody can ask for anything after it: removal/removal.test.ts.
  'POST /site/removal',
  // Whoever comes in has no session before: invitations.test.ts.
  'POST /invitation/accept',
  'POST /session',
  'DELETE /session',
  'POST /sign-on/check',
  'POST /groups/check-targets',
  'POST /schedules/preview',
  'POST /groups/{id}/replay',
]);

/** What one request does and what is written down of it. Paths are those of OpenAPI. */
interface Step {
  readonly route: string;
  readonly action: AuditView['action'];
  /** A text is a file. */
  readonly body?: () => object | string;
  /** Of a file; absent: bytes. */
  readonly type?: string;
  readonly query?: string;
}

const ids: Record<string, string> = {};
const timing = { kind: 'interval', minutes: 60, startsAt: '2026-01-01T00:00:00Z' };
const schedule = () => ({ groupId: ids.groups, timing, enabled: false });
const profile = (name: string) => ({ name, description: '', options: {} });
const group = (name: string) => ({ name, targets: '127.0.1.1', profileId: ids.profiles });

/** As much of a picture as is looked at. */
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const scope = (targets: string) => ({ targets, authorisedBy: 'Ms Ops' });

const STEPS: readonly Step[] = [
  { route: 'POST /profiles', action: 'profile.created', body: () => profile('Own') },
  { route: 'PUT /profiles/{id}', action: 'profile.edited', body: () => profile('Mine') },
  { route: 'POST /groups', action: 'group.created', body: () => group('DMZ') },
  { route: 'PUT /groups/{id}', action: 'group.edited', body: () => group('DMZ north') },
  {
    route: 'POST /groups/{id}/import',
    action: 'scan.imported',
    query: '?name=night.xml',
    body: () => buildScanXml({ at: '2025-03-01T02:00:00Z', hosts: [{ address: HOST }] }),
  },
  { route: 'POST /schedules', action: 'schedule.created', body: schedule },
  {
    route: 'PUT /schedules/{id}',
    action: 'schedule.edited',
    body: () => ({ ...schedule(), overlap: 'wait' }),
  },
  { route: 'DELETE /schedules/{id}', action: 'schedule.deleted' },
  { route: 'POST /scans', action: 'scan.started', body: () => ({ groupId: ids.groups }) },
  { route: 'POST /scans/{id}/cancel', action: 'scan.cancelled' },
  {
    route: 'PUT /hosts/{groupId}/{address}/rules',
    action: 'host.rulesEdited',
    body: () => ({ downAfter: 2, serviceDownAfter: null }),
  },
  {
    route: 'PUT /settings',
    action: 'settings.edited',
    body: () => ({ historyWindow: 7, dangerPorts: '22' }),
  },
  {
    route: 'PUT /site',
    action: 'settings.edited',
    body: () => ({ name: 'Main', timeZone: 'Europe/Berlin', dateLocale: 'de-DE' }),
  },
  { route: 'PUT /site/logo', action: 'logo.edited', type: 'image/png', body: () => PNG },
  { route: 'DELETE /site/logo', action: 'logo.removed' },
  { route: 'POST /scope', action: 'scope.added', body: () => scope('127.0.0.0/8') },
  { route: 'PUT /scope/{id}', action: 'scope.edited', body: () => scope('127.0.1.0/24') },
  { route: 'DELETE /scope/{id}', action: 'scope.removed' },
  {
    route: 'PUT /storage',
    action: 'settings.edited',
    body: () => ({ detailDays: 30, historyMonths: null }),
  },
  { route: 'POST /storage/runs', action: 'retention.started' },
  {
    route: 'POST /notifications/test',
    action: 'mail.tested',
    body: () => ({ recipient: 'ada@example.org' }),
  },
  { route: 'POST /notifications/{id}/retry', action: 'notification.retried' },
  {
    route: 'POST /invitations',
    action: 'invitation.created',
    body: () => ({ email: 'eve@example.org', role: 'viewer', delivery: 'link' }),
  },
  {
    route: 'POST /invitations/{id}/renew',
    action: 'invitation.renewed',
    body: () => ({ delivery: 'link' }),
  },
  { route: 'DELETE /invitations/{id}', action: 'invitation.revoked' },
  {
    route: 'POST /api-keys',
    action: 'apiKey.created',
    body: () => ({ name: 'CI', scopes: ['read'], expiresAt: null }),
  },
  { route: 'DELETE /api-keys/{id}', action: 'apiKey.revoked' },
  {
    route: 'PUT /sign-on',
    action: 'signOn.edited',
    body: () => ({
      ...{ enabled: true, label: 'Keycloak', issuer: 'https://login.example.org', clientId: 'nd' },
      ...{ scopes: 'openid', groupsClaim: 'groups', roles: [], otherwise: 'viewer' },
      ...{ admitsNew: true, linksByEmail: false, passwordAllowed: true },
      ...{ secondFactor: 'asserted', sessionHours: 12 },
    }),
  },
  { route: 'DELETE /sign-on', action: 'signOn.removed' },
  {
    route: 'PUT /member-rules',
    action: 'settings.edited',
    body: () => ({ secondFactorDemanded: true }),
  },
  { route: 'PUT /members/{id}', action: 'member.edited', body: () => ({ role: 'viewer' }) },
  { route: 'DELETE /members/{id}', action: 'member.removed' },
  { route: 'DELETE /groups/{id}', action: 'group.deleted' },
  { route: 'DELETE /profiles/{id}', action: 'profile.deleted' },
];

describe('every route that changes something', () => {
  it('is one of those that are tried here, or only answers a question', async () => {
    const { paths } = (await call('GET', 'openapi.json')).json();
    const routes = Object.entries(paths as Record<string, object>).flatMap(([url, methods]) =>
      Object.keys(methods).map(
        (method) => `${method.toUpperCase()} ${url.replace(/^\/[^/]+\/api\/v1/, '')}`,
      ),
    );
    const changing = routes.filter((route) => !route.startsWith('GET ') && !QUESTIONS.has(route));
    expect(changing.sort()).toEqual(STEPS.map(({ route }) => route).sort());
  });

  it('is written down in the audit log', async () => {
    const before = (await call('GET', 'audit/check')).json().entries;
    for (const { route, action, body, type, query = '' } of STEPS) {
      const [method, template = ''] = route.split(' ') as ['POST', string];
      const resource = template.split('/')[1] ?? '';
      if (resource === 'member-rules') await giveSecondFactors(server.database);
      if (resource === 'members') ids.members ??= await findOperator();
      if (template.endsWith('/retry')) ids.notifications = await failedNotification();
      const path = template
        .slice(1)
        .replace('{id}', ids[resource] ?? '')
        .replace('{groupId}', ids.groups ?? '')
        .replace('{address}', HOST);
      const answer = await call(method, path + query, body?.(), type);
      expect(answer.statusCode, `${route}: ${answer.body}`).toBeLessThan(300);
      if (method === 'POST' && !template.includes('{id}') && answer.body.includes('"id"'))
        ids[resource] = idOf(answer.json());
      const [entry] = (await call('GET', 'audit?limit=1')).json().items as AuditView[];
      expect(entry?.action, route).toBe(action);
      expect(entry?.actor.kind).toBe('person');
    }
    const check = (await call('GET', 'audit/check')).json();
    expect(check.entries - before).toBe(STEPS.length);
    expect(check.broken).toBeNull();
  });
});

function idOf(made: { id?: string; invitation?: { id: string }; key?: { id: string } }): string {
  return made.id ?? made.invitation?.id ?? made.key?.id ?? '';
}

async function findOperator(): Promise<string> {
  const { items } = (await call('GET', 'members')).json();
  return items.find(({ role }: { role: string }) => role === 'operator').id;
}

async function failedNotification(): Promise<string> {
  const { items } = (await call('GET', 'notifications')).json();
  return items[0].id;
}
