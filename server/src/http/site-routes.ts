import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { registerOpenApi } from './open-api.ts';
import { notFound, RequestProblem } from './request-problem.ts';

export interface RequestSite {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly timeZone: string;
  readonly targetLimit: number;
}

export interface RequestUser {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: 'owner';
}

/** Knows the sites, and who may enter them. Made by the accounts feature. */
export interface Doorkeeper {
  readonly findSite: (slug: string) => Promise<RequestSite | null>;
  /** `nobody` is not logged in; a `stranger` is, but is no member of this site. */
  readonly findUser: (
    request: FastifyRequest,
    site: RequestSite,
  ) => Promise<RequestUser | 'nobody' | 'stranger'>;
}

/**
 * The routes of one feature in every site. Each feature exports `xRoutes(parts): SiteRoutes`; they
 * are mounted under `/:site/api/v1`, behind a hook that has let only members in.
 *
 * @example
 * export const groupRoutes = ({ database }: { database: Database }): SiteRoutes => async (app) => {
 *   app.get(
 *     '/groups/:id',
 *     { schema: { params: z.object({ id: z.uuid() }), response: { 200: groupView } } },
 *     async ({ site, params }) => {
 *       const group = await database.withSite(site.id, (tx) => selectGroup(tx, params.id));
 *       if (!group) throw notFound('group');
 *       return presentGroup(group);
 *     },
 *   );
 * };
 *
 * Zod strips what a schema does not name, so `params` need not mention `site`. A 4xx is a thrown
 * `RequestProblem`; `config: { open: true }` lets in who is not logged in (`request.user` throws).
 */
export type SiteRoutes = FastifyPluginAsyncZod;

declare module 'fastify' {
  interface FastifyRequest {
    /** The site of the address. Throws outside `/:site/api/v1`. */
    readonly site: RequestSite;
    /** The member who asks. Throws where nobody needs to be logged in. */
    readonly user: RequestUser;
  }
  interface FastifyContextConfig {
    /** Answered also to who is not logged in. */
    open?: boolean;
  }
}

const SITE = Symbol('site');
const USER = Symbol('user');
interface Entered {
  [SITE]?: RequestSite;
  [USER]?: RequestUser;
}

/** Mounts the features' routes under `/:site/api/v1`, for members alone. */
export async function registerSiteRoutes(
  app: FastifyInstance,
  { doorkeeper, routes }: { doorkeeper: Doorkeeper; routes: readonly SiteRoutes[] },
): Promise<void> {
  app.decorateRequest('site', { getter: siteOf });
  app.decorateRequest('user', { getter: userOf });
  await app.register(
    async (site) => {
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
  if (request.routeOptions.config.open) return;
  const user = await doorkeeper.findUser(request, site);
  if (user === 'nobody') throw new RequestProblem(401, 'not-logged-in', 'Log in first.');
  if (user === 'stranger') throw notFound('site');
  entered[USER] = user;
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
