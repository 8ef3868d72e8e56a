// It gives the server createRateLimit.
import type {} from '@fastify/rate-limit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { RequestProblem } from './request-problem.ts';

/** Generous: an open page asks for little, and live streams count once. */
const MOST_A_MINUTE = 3_000;
/** Of what is open to everybody. */
const MOST_BY_STRANGERS_A_MINUTE = 300;
const WINDOW_MS = 60_000;
/** What strangers send is a login or a link: short. */
const STRANGERS_BODY_BYTES = 16_384;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Its body may be a large file, which takes as long as it takes. */
    slowBody?: boolean;
  }
}

type Limit = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

/** Counts what one address (IPv4, or IPv6 network of /64) asks of this process, whatever it is. */
export const limitAll = (app: FastifyInstance): Limit => createLimit(app, MOST_A_MINUTE);

/** Of the routes that are added later: what is open to everybody may be asked less often, and shortly. */
export function limitStrangers(app: FastifyInstance): void {
  const limit = createLimit(app, MOST_BY_STRANGERS_A_MINUTE);
  app.addHook('onRoute', (route) => {
    if (route.config?.needs === 'nothing') route.bodyLimit ??= STRANGERS_BODY_BYTES;
  });
  app.addHook('onRequest', async (request, reply) => {
    if (request.routeOptions.config.needs === 'nothing') await limit(request, reply);
  });
}

function createLimit(app: FastifyInstance, max: number): Limit {
  const limit = app.createRateLimit({ max, timeWindow: WINDOW_MS });
  return async (request, reply) => {
    const count = await limit(request);
    if (count.isAllowed || !count.isExceeded) return;
    reply.header('retry-after', count.ttlInSeconds);
    const message = `Too many requests from ${request.ip}. Try again in ${count.ttlInSeconds} s.`;
    throw new RequestProblem(429, 'too-many-requests', message);
  };
}

export interface RequestTimes {
  /** Until all headers are there. */
  readonly headersMs: number;
  /** Until all of a body is there, where it is no file. */
  readonly bodyMs: number;
  /** Until a whole request is there, a file of 512 MB, too. */
  readonly requestMs: number;
  /** Of a connection in which nothing moves, whoever waits for whom. */
  readonly stillMs: number;
}

export const REQUEST_TIMES: RequestTimes = {
  headersMs: 15_000,
  bodyMs: 30_000,
  requestMs: 1_800_000,
  stillMs: 600_000,
};

/** Cuts off who sends the body of a request so slowly that it would hold a place for nothing. */
export function limitSlowBodies(app: FastifyInstance, { bodyMs }: RequestTimes): void {
  app.addHook('onRequest', async ({ raw, routeOptions }) => {
    const { 'content-length': length, 'transfer-encoding': chunked } = raw.headers;
    if ((!chunked && !Number(length)) || routeOptions.config.slowBody) return;
    const timer = setTimeout(() => raw.destroy(), bodyMs);
    const clear = () => clearTimeout(timer);
    for (const event of ['end', 'close', 'error']) raw.once(event, clear);
  });
}
