import { randomUUID } from 'node:crypto';
import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { type DoorRoutes, registerDoorRoutes } from './door-routes.ts';
import { isDatabaseAway, sendError } from './errors.ts';
import { collectOpenApi } from './open-api.ts';
import { refuseForeignOrigin } from './own-origin.ts';
import { registerPages } from './pages.ts';
import { limitAll, limitSlowBodies, REQUEST_TIMES, type RequestTimes } from './request-limits.ts';
import { notFound } from './request-problem.ts';
import { securityHeaders } from './security-headers.ts';
import { type Doorkeeper, registerSiteRoutes, type SiteRoutes } from './site-routes.ts';

export interface HttpParts {
  readonly log: FastifyBaseLogger;
  /** Where people reach the server, if a proxy stands before it (NETDELTA_PUBLIC_URL). */
  readonly publicUrl: URL | null;
  /** Whose X-Forwarded-For, -Proto and -Host are believed (NETDELTA_TRUSTED_PROXIES). */
  readonly trustedProxies: readonly string[];
  readonly version: string;
  /** The built pages (web/dist), an absolute path. */
  readonly pagesFolder: string;
  readonly doorkeeper: Doorkeeper;
  /** Resolves when the database answers; rejects when it does not. */
  readonly checkDatabase: () => Promise<unknown>;
  /** Routes below `/:site/api/v1`, for members. */
  readonly siteRoutes: readonly SiteRoutes[];
  /** Routes below `/api/v1`, for everybody: the front door. */
  readonly doorRoutes?: readonly DoorRoutes[];
  /** Shorter in tests. */
  readonly times?: RequestTimes;
}

const BODY_LIMIT_BYTES = 8_388_608;

/**
 * Builds the HTTP server: pages, API, health. It does not listen yet: call `listen`, later `close`,
 * which first ends the live streams.
 */
export async function createHttpServer(parts: HttpParts): Promise<FastifyInstance> {
  const app = createApp(parts);
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(sendError);
  app.setNotFoundHandler((request, reply) => sendError(notFound('address'), request, reply));
  acceptEmptyJson(app);
  endStreamsFirst(app);
  await app.register(cookie);
  await app.register(helmet, securityHeaders(parts.publicUrl?.protocol === 'https:'));
  await app.register(rateLimit, { global: false });
  addHooks(app, parts);
  await collectOpenApi(app, parts.version);
  await registerAll(app, parts);
  return app;
}

function createApp({
  log,
  publicUrl,
  trustedProxies,
  times = REQUEST_TIMES,
}: HttpParts): FastifyInstance {
  const prefix = basePathOf(publicUrl).slice(0, -1);
  return Fastify({
    loggerInstance: log,
    // One line a request in debug (see addHooks) instead of two in info.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT_BYTES,
    genReqId: () => randomUUID(),
    trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
    requestTimeout: times.requestMs,
    connectionTimeout: times.stillMs,
    http: { headersTimeout: times.headersMs, connectionsCheckingInterval: times.headersMs / 3 },
    rewriteUrl: ({ url = '/' }) => withoutPrefix(url, prefix),
  });
}

/** The path under which people reach the server, with a slash at its end: `/` or `/netdelta/`. */
export function basePathOf(publicUrl: URL | null): string {
  const path = publicUrl?.pathname ?? '/';
  return path.endsWith('/') ? path : `${path}/`;
}

function withoutPrefix(url: string, prefix: string): string {
  if (prefix === '' || !url.startsWith(prefix)) return url;
  const rest = url.slice(prefix.length);
  if (rest === '' || rest.startsWith('?')) return `/${rest}`;
  return rest.startsWith('/') ? rest : url;
}

async function registerAll(app: FastifyInstance, parts: HttpParts): Promise<void> {
  const { doorkeeper, siteRoutes, doorRoutes = [] } = parts;
  registerHealth(app, parts.checkDatabase);
  await registerDoorRoutes(app, { doorkeeper, routes: doorRoutes });
  await registerSiteRoutes(app, { doorkeeper, routes: siteRoutes });
  const basePath = basePathOf(parts.publicUrl);
  await registerPages(app, { folder: parts.pagesFolder, basePath, doorkeeper });
}

/** POST without a body, as in `…/cancel`, may still say that it is JSON. */
function acceptEmptyJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined);
    else parse(request, body as string, done);
  });
}

function endStreamsFirst(app: FastifyInstance): void {
  const openStreams: FastifyInstance['openStreams'] = new Map();
  app.decorate('openStreams', openStreams);
  app.addHook('preClose', async () => {
    for (const end of openStreams.keys()) end();
  });
}

function addHooks(app: FastifyInstance, parts: HttpParts): void {
  const publicOrigin = parts.publicUrl?.origin ?? null;
  const limit = limitAll(app);
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    if (request.routeOptions.config.unlimited) return;
    // Before anything that asks the database.
    await limit(request, reply);
    refuseForeignOrigin(request, publicOrigin);
  });
  limitSlowBodies(app, parts.times ?? REQUEST_TIMES);
  nameUntrustedProxy(app, parts);
  app.addHook('onResponse', async ({ log, method, routeOptions }, { statusCode, elapsedTime }) => {
    // The route, not the address: addresses of set-up links hold a token.
    log.debug({ method, route: routeOptions.url, status: statusCode, ms: elapsedTime }, 'answered');
  });
}

function registerHealth(app: FastifyInstance, checkDatabase: HttpParts['checkDatabase']): void {
  const options = { schema: { hide: true }, config: { unlimited: true } };
  app.get('/healthz', options, async () => ({ status: 'alive' }));
  app.get('/readyz', options, async (request, reply) => {
    try {
      await checkDatabase();
      return { status: 'ready' };
    } catch (error) {
      if (isDatabaseAway(error)) throw error;
      request.log.error({ err: error }, 'not ready');
      return reply.code(503).send({ status: 'not ready' });
    }
  });
}

/** Says once that a proxy seems to stand before the server whose word is not believed. */
function nameUntrustedProxy(app: FastifyInstance, { log, trustedProxies }: HttpParts): void {
  if (trustedProxies.length > 0) return;
  let said = false;
  app.addHook('onRequest', async ({ headers, ip }) => {
    if (said || headers['x-forwarded-for'] === undefined) return;
    said = true;
    log.warn({ from: ip }, UNTRUSTED);
  });
}

const UNTRUSTED =
  'a request says by X-Forwarded-For who asks, which is not believed. If it came through your own proxy, name that in NETDELTA_TRUSTED_PROXIES: else all people share the limits of one address';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Asked by machines again and again: counted nowhere. */
    unlimited?: boolean;
  }
}
