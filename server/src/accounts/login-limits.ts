import type { FastifyInstance, FastifyRequest } from 'fastify';
import { RequestProblem } from '../http/request-problem.ts';

const WINDOW_MS = 300_000;
const MOST_PER_EMAIL = 10;
const MOST_PER_ADDRESS = 60;

/** Counts an attempt to log in. @throws RequestProblem 429, with the time to wait, above the limits */
export type LimitLogins = (request: FastifyRequest, email: string) => Promise<void>;

/**
 * Counts attempts to log in, and other uses of a password: at most 10 for one e-mail and 60 from one
 * address in five minutes, whatever site and route they are for: all routes get the same counters.
 */
export function createLoginLimits(): (app: FastifyInstance) => LimitLogins {
  let limitLogins: LimitLogins | undefined;
  return (app) => {
    limitLogins ??= createCounters(app);
    return limitLogins;
  };
}

function createCounters(app: FastifyInstance): LimitLogins {
  const emails = new WeakMap<FastifyRequest, string>();
  const keyGenerator = (request: FastifyRequest) => emails.get(request) ?? '';
  const limits = [
    app.createRateLimit({ max: MOST_PER_ADDRESS, timeWindow: WINDOW_MS }),
    app.createRateLimit({ max: MOST_PER_EMAIL, timeWindow: WINDOW_MS, keyGenerator }),
  ];
  return async (request, email) => {
    emails.set(request, email.toLowerCase());
    for (const limit of limits) {
      const count = await limit(request);
      if (!count.isAllowed && count.isExceeded) throw tooMany(count.ttlInSeconds);
    }
  };
}

function tooMany(seconds: number): RequestProblem {
  const message = `Too many attempts to log in. Try again in ${Math.max(1, Math.ceil(seconds / 60))} min.`;
  return new RequestProblem(429, 'too-many-requests', message);
}
