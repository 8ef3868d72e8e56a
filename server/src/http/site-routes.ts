import type { LoginWay } from '@netdelta/core/access/login-ways.ts';
import { describeRefusal, type Permission, type Role } from '@netdelta/core/access/roles.ts';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { type DeclaredRoute, requireNeeds } from './needs.ts';
import { registerOpenApi } from './open-api.ts';
import { limitStrangers } from './request-limits.ts';
import { notFound, RequestProblem } from './request-problem.ts';

export interface RequestSite {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly timeZone: string;
  readonly targetLimit: number;
}

/** Who asks: a member of the site, or a program with one of its API keys. */
export interface RequestUser {
  /** Of a key: `key:` and its id. */
  readonly id: string;
  readonly name: string;
  /** Empty for a key. */
  readonly email: string;
  /** As it is at this request. Null: an API key. */
  readonly role: Role | null;
  readonly permissions: readonly Permission[];
  /** The site demands a second factor, and this person has none: only what needs a `login` or `person` is open. */
  readonly lacksSecondFactor: boolean;
  /** Came in through the identity provider of this site, which vouches for nothing outside of it. */
  readonly signedOn: boolean;
}

/** A member who has logged in. */
export type RequestPerson = RequestUser & { readonly role: Role };

/** Somebody who is logged in, at the front door. */
export interface Visitor {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  /** May make sites, and see the list of all. */
  readonly platformAdmin: boolean;
  readonly openedBy: LoginWay;
}

/** Knows the sites, and who may enter them. Made by the accounts feature. */
export interface Doorkeeper {
  readonly findSite: (slug: string) => Promise<RequestSite | null>;
  /**
   * `nobody` is not logged in; a `stranger` is, but is no member of this site; a `bad-key` is
   * unknown, expired, revoked, or another site's.
   */
  readonly findUser: (
    request: FastifyRequest,
    site: RequestSite,
  ) => Promise<RequestUser | 'nobody' | 'stranger' | 'bad-key'>;
  /** Null: nobody is logged in. */
  readonly findVisitor: (request: FastifyRequest) => Promise<Visitor | null>;
}

/**
 * The routes of one feature in every site. Each feature exports `xRoutes(parts): SiteRoutes`; they
 * are mounted under `/:site/api/v1`, behind a hook that lets in who has what the route `needs`.
 *
 * @example
 * export const groupRoutes = ({ database }: { database: Database }): SiteRoutes => async (app) => {
 *   app.get(
 *     '/groups/:id',
 *     {
 *       config: { needs: 'read' },
 *       schema: { params: z.object({ id: z.uuid() }), response: { 200: groupView } },
 *     },
 *     async ({ site, params }) => {
 *       const group = await database.withSite(site.id, (tx) => selectGroup(tx, params.id));
 *       if (!group) throw notFound('group');
 *       return presentGroup(group);
 *     },
 *   );
 * };
 *
 * Zod strips what a schema does not name, so `params` need not mention `site`. A 4xx is a thrown
 * `RequestProblem`.
 */
export type SiteRoutes = FastifyPluginAsyncZod;

declare module 'fastify' {
  interface FastifyRequest {
    /** The site of the address. Throws outside `/:site/api/v1`. */
    readonly site: RequestSite;
    /** Who asks. Throws where nobody needs to be logged in. */
    readonly user: RequestUser;
    /** The person who asks. Throws also where an API key may ask. */
    readonly person: RequestPerson;
  }
  interface FastifyInstance {
    /** All routes below `/:site/api/v1`, with what they need. */
    readonly siteRoutes: readonly DeclaredRoute[];
  }
}

const SITE = Symbol('site');
const USER = Symbol('user');
const MAY_STAY = Symbol('may stay');
interface Entered {
  [SITE]?: RequestSite;
  [USER]?: RequestUser;
  [MAY_STAY]?: () => Promise<boolean>;
}

const IN_A_SITE = [
  'nothing',
  'person',
  'login',
  'read',
  'scan',
  'triage',
  'configure',
  'audit',
  'keys',
  'members',
  'own',
] as const;

/**
 * Mounts the features' routes under `/:site/api/v1`.
 * @throws UndeclaredRouteError when a route does not say what it needs
 */
export async function registerSiteRoutes(
  app: FastifyInstance,
  { doorkeeper, routes }: { doorkeeper: Doorkeeper; routes: readonly SiteRoutes[] },
): Promise<void> {
  const declared: DeclaredRoute[] = [];
  app.decorate('siteRoutes', declared);
  app.decorateRequest('site', { getter: siteOf });
  app.decorateRequest('user', { getter: userOf });
  app.decorateRequest('person', { getter: personOf });
  await app.register(
    async (site) => {
      requireNeeds(site, { known: IN_A_SITE, declared });
      limitStrangers(site);
      site.addHook('onRequest', async (request) => enter(request, doorkeeper));
      await registerOpenApi(site);
      for (const plugin of routes) await site.register(plugin);
    },
    { prefix: '/:site/api/v1' },
  );
}

async function enter(request: FastifyRequest, doorkeeper: Doorkeeper): Promise<void> {
  const { site: slug } = request.params as { site: string };
  const site = await doorkeeper.findSite(slug);
  if (!site) throw notFound('site');
  const entered = request as Entered;
  entered[SITE] = site;
  const { needs } = request.routeOptions.config;
  if (needs === 'nothing') return;
  const admit = async () => requireAdmitted(await doorkeeper.findUser(request, site), needs);
  entered[USER] = await admit();
  entered[MAY_STAY] = () =>
    admit().then(
      () => true,
      () => false,
    );
}

/** @throws RequestProblem for those who may not do what is needed, with who may */
function requireAdmitted(
  user: Awaited<ReturnType<Doorkeeper['findUser']>>,
  needs: FastifyRequest['routeOptions']['config']['needs'],
): RequestUser {
  if (user === 'nobody') throw new RequestProblem(401, 'not-logged-in', 'Log in first.');
  if (user === 'bad-key') throw new RequestProblem(401, 'bad-key', BAD_KEY);
  if (user === 'stranger') throw notFound('site');
  if (needs === 'login' || needs === 'person') {
    if (user.role === null) throw new RequestProblem(403, 'people-only', PEOPLE_ONLY);
    if (needs === 'login' && user.signedOn)
      throw new RequestProblem(403, 'own-login-only', OWN_LOGIN_ONLY);
    return user;
  }
  if (user.lacksSecondFactor) throw new RequestProblem(403, 'second-factor-demanded', DEMANDED);
  if (user.permissions.some((permission) => permission === needs)) return user;
  const permission = needs as Permission;
  if (user.role === null) throw new RequestProblem(403, 'not-in-scope', describeScope(permission));
  throw new RequestProblem(403, 'not-permitted', describeRefusal(permission));
}

const BAD_KEY =
  'This API key does not open this site: it is not known here, has expired, or was revoked.';
const DEMANDED =
  'This site demands a second factor of its members. Set one up in your account; then all of it opens again.';
const OWN_LOGIN_ONLY =
  'This is for those who have logged in by themselves: a login through the single sign-on of this site is good for nothing outside of it.';
const PEOPLE_ONLY = 'This is for people who are logged in; no API key can do it.';

function describeScope(permission: Permission): string {
  return `This API key does not have the scope "${permission}".`;
}

/**
 * Whether who began this request may still do what its route needs: their role or key may have been
 * changed since. For what lasts, such as streams.
 */
export async function mayStay(request: FastifyRequest): Promise<boolean> {
  return (request as Entered)[MAY_STAY]?.() ?? true;
}

function siteOf(this: FastifyRequest): RequestSite {
  const site = (this as Entered)[SITE];
  if (!site) throw new Error('request.site is there only in routes below /:site/api/v1');
  return site;
}

function userOf(this: FastifyRequest): RequestUser {
  const user = (this as Entered)[USER];
  if (!user) throw new Error('request.user is there only in routes that need a login');
  return user;
}

function personOf(this: FastifyRequest): RequestPerson {
  const { role, ...user } = this.user;
  if (role === null) throw new Error('request.person is there only where no API key may ask');
  return { ...user, role };
}
