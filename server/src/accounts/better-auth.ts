import { betterAuth } from 'better-auth';
import type { FastifyBaseLogger } from 'fastify';
import type { Kysely } from 'kysely';
import type { Tables } from '../db/tables.ts';

/** A session that lies unused for this long ends. */
export const SESSION_SECONDS = 30 * 24 * 3_600;

/** Of sessions that were made through a site's provider (migration 16). */
const BINDING = {
  boundTo: { type: 'string', fieldName: 'bound_to', required: false, input: false },
  endsAt: { type: 'date', fieldName: 'ends_at', required: false, input: false },
  factorAsserted: {
    type: 'boolean',
    fieldName: 'factor_asserted',
    required: false,
    input: false,
    defaultValue: false,
  },
} as const;

/** The cookie's name and value, as they go to the browser; where it applies is decided elsewhere. */
export interface SessionCookie {
  readonly name: string;
  readonly value: string;
}

/** From where somebody logs in. */
export interface Client {
  readonly address: string;
  readonly userAgent: string;
}

export interface AuthParts {
  readonly db: Kysely<Tables>;
  /** Signs the cookies, 32 characters or more. */
  readonly secret: string;
  readonly log: FastifyBaseLogger;
}

/** better-auth on our tables: it keeps the sessions. None of its own routes is reachable. */
export function createBetterAuth({ db, secret, log }: AuthParts) {
  return betterAuth({
    // Only names better-auth's own addresses, none of which is served.
    baseURL: 'http://127.0.0.1',
    appName: 'NetDelta',
    secret,
    database: { db, type: 'postgres' },
    user: { modelName: 'users' },
    session: {
      modelName: 'sessions',
      expiresIn: SESSION_SECONDS,
      additionalFields: {
        openedBy: { type: 'string', fieldName: 'opened_by', input: false },
        ...BINDING,
      },
    },
    account: { modelName: 'accounts' },
    verification: { modelName: 'verifications' },
    advanced: { cookiePrefix: 'netdelta', useSecureCookies: false },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    // Its details may hold an e-mail or a token: the sentence alone is logged.
    logger: { log: (level, message) => log[level === 'error' ? 'warn' : 'debug'](message) },
  });
}

export function headersOf({ name, value }: SessionCookie): Headers {
  return new Headers({ cookie: `${name}=${encodeURIComponent(value)}` });
}
