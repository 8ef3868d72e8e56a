import { betterAuth } from 'better-auth';
import { isAPIError } from 'better-auth/api';
import { parseSetCookieHeader } from 'better-auth/cookies';
import { twoFactor } from 'better-auth/plugins/two-factor';
import type { FastifyBaseLogger } from 'fastify';
import type { Kysely } from 'kysely';
import type { Tables } from '../db/tables.ts';
import { hashPassword, isPasswordOf } from './password-hash.ts';

/** A session that lies unused for this long ends. */
export const SESSION_SECONDS = 30 * 24 * 3_600;
const SECOND_FACTOR = { schema: { twoFactor: { modelName: 'two_factors' } } };

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
  /** Signs the cookies, 32 characters or more; another secret ends all sessions. */
  readonly secret: string;
  readonly log: FastifyBaseLogger;
}

export type BetterAuth = ReturnType<typeof createBetterAuth>;

/** better-auth on our tables; none of its own routes is reachable. */
export function createBetterAuth({ db, secret, log }: AuthParts) {
  return betterAuth({
    // Only names better-auth's own addresses, none of which is served.
    baseURL: 'http://127.0.0.1',
    appName: 'NetDelta',
    secret,
    database: { db, type: 'postgres' },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      maxPasswordLength: 200,
      password: {
        hash: hashPassword,
        verify: ({ hash, password }) => isPasswordOf(hash, password),
      },
    },
    plugins: [twoFactor(SECOND_FACTOR)],
    user: { modelName: 'users' },
    session: { modelName: 'sessions', expiresIn: SESSION_SECONDS },
    account: { modelName: 'accounts' },
    verification: { modelName: 'verifications' },
    advanced: { cookiePrefix: 'netdelta', useSecureCookies: false },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    // Its details may hold an e-mail or a token: the sentence alone is logged.
    logger: { log: (level, message) => log[level === 'error' ? 'warn' : 'debug'](message) },
  });
}

/** For what better-auth refuses; its failures are thrown on. */
export function nullWhenRefused(error: unknown): null {
  if (isAPIError(error) && error.statusCode < 500) return null;
  throw error;
}

export function readCookie(headers: Headers, name: string): SessionCookie {
  const cookie = parseSetCookieHeader(headers.getSetCookie().join(', ')).get(name);
  if (!cookie) throw new Error('a login made no session cookie');
  return { name, value: cookie.value };
}

/** All that an answer has set, as the browser would send it back. */
export function cookiesIn(headers: Headers): string {
  const cookies = parseSetCookieHeader(headers.getSetCookie().join(', '));
  return [...cookies].map(([name, { value }]) => `${name}=${encodeURIComponent(value)}`).join('; ');
}

export function headersOf({ name, value }: SessionCookie): Headers {
  return new Headers({ cookie: `${name}=${encodeURIComponent(value)}` });
}

export function headersFrom({ address, userAgent }: Client): Headers {
  return new Headers({ 'x-forwarded-for': address, 'user-agent': userAgent });
}
