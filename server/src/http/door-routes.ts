import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { type DeclaredRoute, requireNeeds } from './needs.ts';
import { limitStrangers } from './request-limits.ts';
import { RequestProblem } from './request-problem.ts';
import type { Doorkeeper, Visitor } from './site-routes.ts';

/** Routes before all sites, below `/api/v1`. They need `nothing`, a `login`, or the `platform`. */
export type DoorRoutes = FastifyPluginAsyncZod;

declare module 'fastify' {
  interface FastifyRequest {
    /** Who is logged in, whatever their sites. Throws where nobody needs to be. */
    readonly visitor: Visitor;
  }
  interface FastifyInstance {
    /** All routes below `/api/v1`, with what they need. */
    readonly doorRoutes: readonly DeclaredRoute[];
  }
}

const VISITOR = Symbol('visitor');
interface Entered {
  [VISITOR]?: Visitor;
}

/**
 * Mounts the routes of the front door.
 * @throws UndeclaredRouteError when a route does not say what it needs
 */
export async function registerDoorRoutes(
  app: FastifyInstance,
  { doorkeeper, routes }: { doorkeeper: Doorkeeper; routes: readonly DoorRoutes[] },
): Promise<void> {
  const declared: DeclaredRoute[] = [];
  app.decorate('doorRoutes', declared);
  app.decorateRequest('visitor', { getter: visitorOf });
  await app.register(
    async (door) => {
      requireNeeds(door, { known: ['nothing', 'login', 'platform'], declared });
      limitStrangers(door);
      door.addHook('onRequest', async (request) => enter(request, doorkeeper));
      for (const plugin of routes) await door.register(plugin);
    },
    { prefix: '/api/v1' },
  );
}

async function enter(request: FastifyRequest, doorkeeper: Doorkeeper): Promise<void> {
  const { needs } = request.routeOptions.config;
  if (needs === 'nothing') return;
  const visitor = await doorkeeper.findVisitor(request);
  if (!visitor) throw new RequestProblem(401, 'not-logged-in', 'Log in first.');
  if (needs === 'platform' && !visitor.platformAdmin)
    throw new RequestProblem(403, 'not-permitted', PLATFORM_ONLY);
  (request as Entered)[VISITOR] = visitor;
}

const PLATFORM_ONLY = 'Only a platform administrator may do this.';

function visitorOf(this: FastifyRequest): Visitor {
  const visitor = (this as Entered)[VISITOR];
  if (!visitor) throw new Error('request.visitor is there only in routes that need a login');
  return visitor;
}
