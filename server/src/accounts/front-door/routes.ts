import {
  type FrontDoorView,
  frontDoorView,
  loginRequest,
  setupRequest,
  siteAddress,
} from '@netdelta/core/api/accounts.ts';
import { apiError } from '@netdelta/core/api/page.ts';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { DoorRoutes } from '../../http/door-routes.ts';
import { notFound, RequestProblem } from '../../http/request-problem.ts';
import type { Doorkeeper, RequestSite, Visitor } from '../../http/site-routes.ts';
import type { AccountParts } from '../account-parts.ts';
import { logIn } from '../login.ts';
import { clientOf, isCodeNeeded, requireLogin } from '../login-member.ts';
import { selectFirstSites, selectMembership } from '../queries.ts';
import { recordEntered, recordRefusedAtDoor } from '../record-login.ts';
import { setUpSite } from '../setup.ts';
import { type OwnSiteRow, selectOwnSites } from './queries.ts';

const MOST_SETUPS = { max: 30, timeWindow: 300_000 };

interface DoorParts extends AccountParts {
  readonly doorkeeper: Doorkeeper;
}

/** What lies before the sites, below `/api/v1`: `sites`, `setup` and a `session`. */
export function frontDoorRoutes(parts: DoorParts): DoorRoutes {
  const { database, doorkeeper } = parts;
  return async (app) => {
    const limitLogins = parts.loginLimits(app);
    app.get(
      '/sites',
      { config: { needs: 'nothing' }, schema: { response: { 200: frontDoorView } } },
      async (request) => {
        const first = await selectFirstSites(database.system);
        const visitor = await doorkeeper.findVisitor(request);
        if (!visitor) return greetStranger(first);
        return greet(visitor, await selectOwnSites(database.system, visitor.id));
      },
    );
    app.post(
      '/setup',
      {
        config: { needs: 'nothing', rateLimit: MOST_SETUPS },
        schema: {
          body: setupRequest,
          response: { 201: siteAddress, 400: apiError, 403: apiError },
        },
      },
      async (request, reply) => {
        const { body } = request;
        await limitLogins(request, body.email);
        const outcome = await setUpSite(parts, body);
        if (outcome === 'refused') throw endedLink();
        if (outcome !== 'done') throw badSetup(outcome.problems);
        const login = await logIn(parts, body, { client: clientOf(request), siteId: null });
        if (typeof login === 'object') parts.cookies.set(reply, body.siteSlug, login.cookie);
        return reply.code(201).send({ slug: body.siteSlug });
      },
    );
    await app.register(doorSessionRoutes(parts));
  };
}

/** Logging in without a site, and going from here into one of one's own. */
const doorSessionRoutes =
  (parts: DoorParts): DoorRoutes =>
  async (app) => {
    const { auth, cookies, database, doorkeeper } = parts;
    const limitLogins = parts.loginLimits(app);
    app.post(
      '/session',
      {
        config: { needs: 'nothing' },
        schema: { body: loginRequest, response: { 204: z.null(), 401: apiError, 429: apiError } },
      },
      async (request, reply) => {
        await limitLogins(request, request.body.email);
        const refused = () => new RequestProblem(401, 'wrong-login', WRONG_LOGIN);
        const client = clientOf(request);
        const place = { client, siteId: null, refused };
        const login = await requireLogin(parts, request.body, place).catch(
          async (error: unknown) => {
            const { email } = request.body;
            if (!isCodeNeeded(error)) await recordRefusedAtDoor(database, { request, email });
            throw error;
          },
        );
        cookies.setAtDoor(reply, login.cookie);
        return reply.code(204).send(null);
      },
    );
    app.delete(
      '/session',
      { config: { needs: 'nothing' }, schema: { response: { 204: z.null() } } },
      async (request, reply) => {
        const cookie = cookies.read(request);
        if (cookie) await auth.logout(cookie);
        cookies.clearAtDoor(reply);
        return reply.code(204).send(null);
      },
    );
    app.post(
      '/sites/:slug/enter',
      {
        config: { needs: 'login' },
        schema: {
          params: siteAddress,
          response: { 204: z.null(), 401: apiError, 404: apiError },
        },
      },
      async (request, reply) => {
        const { slug } = request.params;
        const site = await doorkeeper.findSite(slug);
        const { visitor } = request;
        const entered = site && (await enterAsMember(parts, { site, visitor, request }));
        if (!entered) throw notFound('site');
        const cookie = cookies.read(request);
        if (cookie) cookies.set(reply, slug, cookie);
        return reply.code(204).send(null);
      },
    );
  };

/** False: none of this visitor's sites. */
function enterAsMember(
  { database }: DoorParts,
  { site, visitor, request }: { site: RequestSite; visitor: Visitor; request: FastifyRequest },
): Promise<boolean> {
  const { id, name, openedBy } = visitor;
  return database.withSite(site.id, async (tx) => {
    const member = await selectMembership(tx, { siteId: site.id, userId: id, openedBy });
    if (!member) return false;
    const who = { id, name, openedBy, action: 'session.opened' } as const;
    // Who must come through the provider is shown the login.
    if (!member.passwordRefused) await recordEntered(tx, site, { request, who });
    return true;
  });
}

const WRONG_LOGIN = 'There is no account with this e-mail and password. Check both.';

/** The only site there is, but no list of customers. */
function greetStranger(first: readonly { slug: string; name: string }[]): FrontDoorView {
  const onlyOne = first.length === 1 ? first : [];
  const sites = onlyOne.map((site) => ({ ...site, own: null }));
  return { needsSetup: first.length === 0, visitor: null, sites };
}

function greet(
  { name, email, platformAdmin }: Visitor,
  sites: readonly OwnSiteRow[],
): FrontDoorView {
  const visitor = { name, email, platformAdmin };
  return { needsSetup: false, visitor, sites: sites.map(presentSite) };
}

function presentSite(row: OwnSiteRow): FrontDoorView['sites'][number] {
  return {
    slug: row.slug,
    name: row.name,
    own: {
      role: row.role,
      state: row.state,
      hosts: { up: row.hosts_up, missed: row.hosts_missed, down: row.hosts_down },
      redOfWeek: row.red_of_week,
      deltasOfDay: row.deltas_of_day,
      lastScanAt: row.last_scan_at?.toISOString() ?? null,
      scansRunning: row.scans_running,
    },
  };
}

function endedLink(): RequestProblem {
  const message =
    'This set-up link is not valid any more. Use the one that NetDelta printed at its last start; once a site exists there is none.';
  return new RequestProblem(403, 'setup-link-ended', message);
}

function badSetup(problems: { path: string; message: string }[]): RequestProblem {
  return new RequestProblem(400, 'invalid', 'The set-up is not valid.', problems);
}
