import { Agent } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { settleSite } from '../isolation/testing/settle-site.ts';
import { type SiteIds, selectOwner } from '../isolation/testing/site-queries.ts';
import { createWholeServer, type WholeServer } from '../testing/create-whole-server.ts';
import {
  HOSTILE_BODIES,
  HOSTILE_JSON,
  HOSTILE_TEXTS,
  type HostileBody,
  TOO_LARGE,
} from './hostile-values.ts';
import { mutateSchema, type Schema } from './mutate-schema.ts';
import { selectJobCounts, selectPrints } from './queries.ts';
import { type Chance, createChance } from './random.ts';
import { type Answer, type Sent, send } from './send.ts';

const ATTEMPTS = Number(process.env.NETDELTA_HOSTILE_ATTEMPTS ?? 1_500);
const SEED = Number(process.env.NETDELTA_HOSTILE_SEED ?? Date.now() % 1_000_000);
const AT_ONCE = 8;

/**
 * They need no body, or take any: asked rightly they do what they are for, whatever is sent along. Of
 * each the test sends what cannot be meant, a body, and an answer of 2xx is right.
 */
const IGNORE_BODIES = new Set([
  'POST /:site/api/v1/storage/runs',
  'DELETE /:site/api/v1/sign-on',
  'DELETE /:site/api/v1/site/logo',
  'DELETE /:site/api/v1/account/sessions',
  'DELETE /:site/api/v1/session',
  'DELETE /api/v1/session',
]);
/** Questions: an answer of 2xx stores nothing, whatever the body. */
const QUESTIONS = /^(GET|HEAD) |check-targets$|schedules\/preview$|replay$|password-resets$/;

/** What no answer may hold: where the code lies, what the database said. */
const INSIDE =
  /\bat \S+ \(|\.(ts|js|mjs):\d+|node_modules|file:\/\/\/(?!etc)|\/work\/|\/root\/|\bselect\b.+\bfrom\b|insert into|syntax error at|relation "|violates|duplicate key|pgboss|kysely|ZodError|"stack"/i;

/** Of the pages, which tests do not need. */
const NOT_BUILT = 'The pages are not built';

interface Route {
  readonly method: string;
  readonly path: string;
  readonly schema: Schema | undefined;
}

let server: WholeServer;
let port: number;
let key: string;
let routes: readonly Route[];
let ids: SiteIds;
/** Whether bodies are of wrong types. */
let wrongly = true;
const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });

beforeAll(async () => {
  server = await createWholeServer({ NETDELTA_TRUSTED_PROXIES: '127.0.0.1' });
  const { database, app } = server;
  const main = await selectOwner(database, 'main');
  ids = await settleSite(database, { ...main, marker: 'HOSTILE' });
  await app.listen({ port: 0, host: '127.0.0.1' });
  ({ port } = app.server.address() as AddressInfo);
  const made = await app.inject({
    method: 'POST',
    url: '/main/api/v1/api-keys',
    headers: { cookie: server.cookieOf('owner') },
    payload: {
      name: 'hostile',
      scopes: ['read', 'scan', 'triage', 'configure', 'audit'],
      expiresAt: null,
    },
  });
  key = made.json().token;
  routes = listRoutes();
});
afterAll(async () => {
  agent.destroy();
  await server.close();
});

/** All that is declared, with the schema of its body as OpenAPI has it, and the pages. */
function listRoutes(): Route[] {
  const { app } = server;
  const { paths = {} } = app.swagger() as { paths?: Record<string, Record<string, Operation>> };
  const declared = [...app.siteRoutes, ...app.doorRoutes].map(({ method, path }) => {
    const operation = paths[path.replaceAll(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()];
    const content = Object.values(operation?.requestBody?.content ?? {});
    return { method, path, schema: content[0]?.schema };
  });
  const pages = ['/', '/setup', '/:site', '/:site/*', '/assets/*', '/:site/assets/*', '/healthz'];
  return [...declared, ...pages.map((path) => ({ method: 'GET', path, schema: undefined }))];
}

interface Operation {
  readonly requestBody?: { readonly content?: Record<string, { readonly schema?: Schema }> };
}

const NO_ID = '00000000-0000-4000-8000-000000000000';
const nameOf = ({ method, path }: Route) => `${method} ${path}`;

/** A request that is wrong in at least one way, by somebody who may ask. */
function buildRequest(route: Route, chance: Chance, number: number): Sent {
  const mayBeReal = !!route.schema || /^(GET|HEAD) |import$/.test(nameOf(route));
  const hostilePlace = chance.number(3) === 0;
  let path = route.path.replaceAll(/:\w+|\*/g, (parameter) => {
    if (parameter === ':site' && chance.number(12) !== 0) return 'main';
    if (hostilePlace) return chance.one(HOSTILE_TEXTS);
    // What is there is only read, or asked to change by a body that is wrong.
    if (!mayBeReal || chance.number(2) === 0)
      return parameter === ':address' ? '127.0.9.250' : NO_ID;
    return { ':address': ids.address, ':groupId': ids.group }[parameter] ?? idFor(route.path);
  });
  if (chance.number(3) === 0) path += `?${buildQuery(chance)}`;
  const forger = `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`;
  const who: Record<string, string> =
    chance.number(3) === 0
      ? { authorization: `Bearer ${key}` }
      : { cookie: /platform/.test(path) ? server.platformCookie : server.cookieOf('owner') };
  const body = /^(GET|HEAD)$/.test(route.method) ? null : buildBody(route, chance);
  return {
    ...{ method: route.method, path, bytes: body?.bytes ?? null },
    // A client of its own, so that limits do not answer for the routes.
    headers: {
      ...who,
      'sec-fetch-site': 'same-origin',
      'x-forwarded-for': forger,
      ...body?.headers,
    },
  };
}

/** The id of something of the kind that a path begins with. */
function idFor(path: string): string {
  const [, kind = ''] =
    /\/v1\/(group|profile|schedule|scan|delta|notification|member)/.exec(path) ?? [];
  return (ids as Readonly<Record<string, string>>)[kind] ?? NO_ID;
}

const QUERIES = ['after', 'limit', 'groupId', 'status', 'q', 'port', 'sort', 'from', 'to', 'at'];
const MORE = ['format', 'what', 'name', 'detailDays', 'search', 'kind', 'address', 'until', 'x[]'];

function buildQuery(chance: Chance): string {
  return Array.from({ length: 1 + chance.number(4) }, () => {
    const name =
      chance.number(10) === 0 ? chance.one(HOSTILE_TEXTS) : chance.one([...QUERIES, ...MORE]);
    return `${name}=${chance.one(HOSTILE_TEXTS)}`;
  }).join('&');
}

function buildBody(route: Route, chance: Chance): HostileBody {
  if (chance.number(400) === 0) return TOO_LARGE;
  const hostile = () => chance.one(HOSTILE_JSON);
  if (!route.schema || chance.number(3) === 0) {
    if (chance.number(2) === 0) return chance.one(HOSTILE_BODIES);
    const headers = { 'content-type': 'application/json' };
    return { name: 'a value', bytes: Buffer.from(hostile()), headers };
  }
  const json = mutateSchema(route.schema, chance, { hostile, wrongly });
  const headers = { 'content-type': 'application/json' };
  return { name: 'a body in part', bytes: Buffer.from(json), headers };
}

function findFault(route: Route, sent: Sent, { status, body, headers }: Answer): string | null {
  if (status === 503 && body.includes(NOT_BUILT)) return null;
  if (status >= 500 || status < 200) return `answered ${status}: ${body.slice(0, 200)}`;
  if (INSIDE.test(body)) return `tells of its inside: ${INSIDE.exec(body)?.[0]}`;
  const changes = wrongly && !QUESTIONS.test(nameOf(route)) && !IGNORE_BODIES.has(nameOf(route));
  if (status < 400 && changes) return `accepted with ${status}: ${body.slice(0, 200)}`;
  // With slashes for a site, it is the address of a page.
  const isApi = /^\/([^/]+\/)?api\/v1\//.test(sent.path);
  const isJson = String(headers['content-type']).startsWith('application/json');
  if (status >= 400 && isApi && route.method !== 'HEAD' && !isJson) return `${status} without JSON`;
  return null;
}

async function attack(chance: Chance, attempts: number, pick: readonly Route[]) {
  const faults: string[] = [];
  const statuses: Record<number, number> = {};
  let slowest = 0;
  let number = 0;
  const go = async () => {
    while (number < attempts) {
      number += 1;
      const route = pick[number % pick.length] as Route;
      const sent = buildRequest(route, chance, number);
      const answer = await send(agent, port, sent).catch((error: Error) => ({
        ...{ status: 0, body: error.message, headers: {}, ms: 0 },
      }));
      statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
      slowest = Math.max(slowest, answer.ms);
      const fault = findFault(route, sent, answer);
      if (fault && faults.length < 40)
        faults.push(
          `${nameOf(route)} ${sent.path.slice(0, 120)} with ${sent.bytes?.toString('utf8').slice(0, 300)}: ${fault}`,
        );
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, go));
  return { faults, statuses, slowest };
}

test(
  'every route answers hostile requests by 4xx, stores nothing, and tells nothing of its inside',
  async () => {
    const chance = createChance(SEED);
    // Some of these end sessions: the last.
    const [last, first] = [true, false].map((ends) =>
      routes.filter((route) => IGNORE_BODIES.has(nameOf(route)) === ends),
    ) as [Route[], Route[]];
    const before = await selectPrints(server.database);
    const jobs = await selectJobCounts(server.database);
    const { faults, statuses, slowest } = await attack(chance, ATTEMPTS, first);
    expect(faults).toEqual([]);
    expect(await selectPrints(server.database)).toEqual(before);
    const {
      'password-reset.send': _asked,
      'login-locked.send': _locked,
      ...others
    } = await selectJobCounts(server.database);
    expect(others).toEqual(jobs);
    // Of the right types, and still hostile: some may be what the route takes.
    wrongly = false;
    const typed = await attack(
      chance,
      ATTEMPTS / 2,
      first.filter(({ schema }) => schema),
    );
    expect(typed.faults).toEqual([]);
    console.info(
      `${routes.length} routes, seed ${SEED}, slowest ${Math.max(slowest, typed.slowest).toFixed(0)} ms; ${ATTEMPTS} wrong attempts: ${JSON.stringify(statuses)}; ${ATTEMPTS / 2} of right types: ${JSON.stringify(typed.statuses)}`,
    );
    expect(first.length).toBeGreaterThan(80);
    expect(statuses[400]).toBeGreaterThan(ATTEMPTS / 10);
    expect(last.length).toBe(IGNORE_BODIES.size);
    const ended = await attack(chance, last.length * 5, last);
    expect(ended.faults).toEqual([]);
  },
  Math.max(60_000, ATTEMPTS * 20),
);
