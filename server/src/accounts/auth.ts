import { betterAuth } from 'better-auth';
import { isAPIError } from 'better-auth/api';
import { parseSetCookieHeader } from 'better-auth/cookies';
import type { FastifyBaseLogger } from 'fastify';
import type { Kysely } from 'kysely';
import type { Tables } from '../db/tables.ts';
import { hashPassword, isOutdated, isPasswordOf } from './password-hash.ts';
import { selectPasswordHash, updatePasswordHash } from './queries.ts';

/** A session that lies unused for this long ends. */
export const SESSION_SECONDS = 30 * 24 * 3_600;

/** The cookie's name and value, as they go to the browser; where it applies is decided elsewhere. */
export interface SessionCookie {
  readonly name: string;
  readonly value: string;
}

/** A person, and the session by which they are known. */
export interface AuthSession {
  readonly user: AuthUser;
  readonly sessionId: string;
}

interface AuthUser {
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

/** A new session. */
export interface Login {
  readonly user: AuthUser;
  readonly cookie: SessionCookie;
}

/** Logs people in and out by e-mail and password; knows nothing of sites. */
export interface Auth {
  readonly cookieName: string;
  /** Makes a session; null when the e-mail is not known or the password is not its own. */
  readonly login: (
    person: { email: string; password: string },
    client: { address: string; userAgent: string },
  ) => Promise<Login | null>;
  /** Whose session a cookie holds; null for none, a forged or an ended one. */
  readonly findSession: (cookie: SessionCookie) => Promise<AuthSession | null>;
  readonly logout: (cookie: SessionCookie) => Promise<void>;
}

export interface AuthParts {
  readonly db: Kysely<Tables>;
  /** Signs the cookies, 32 characters or more; another secret ends all sessions. */
  readonly secret: string;
  readonly log: FastifyBaseLogger;
}

/** Wires better-auth to our tables and hides it: none of its own routes is reachable. */
export async function createAuth(parts: AuthParts): Promise<Auth> {
  const auth = createBetterAuth(parts);
  const { authCookies } = await auth.$context;
  const cookieName = authCookies.sessionToken.name;
  return {
    cookieName,
    login: async (body, { address, userAgent }) => {
      const client = new Headers({ 'x-forwarded-for': address, 'user-agent': userAgent });
      const signIn = auth.api.signInEmail({ body, headers: client, returnHeaders: true });
      const answer = await signIn.catch(nullWhenRefused);
      if (!answer) return null;
      const { headers, response } = answer;
      await renewHash(parts.db, response.user.id, body.password);
      return { user: response.user, cookie: readCookie(headers, cookieName) };
    },
    findSession: async (cookie) => {
      const found = await auth.api.getSession({ headers: headersOf(cookie) });
      if (!found) return null;
      const { id, name, email } = found.user;
      return { user: { id, name, email }, sessionId: found.session.id };
    },
    logout: async (cookie) => {
      await auth.api.signOut({ headers: headersOf(cookie) });
    },
  };
}

function createBetterAuth({ db, secret, log }: AuthParts) {
  return betterAuth({
    // Only names better-auth's own addresses, none of which is served.
    baseURL: 'http://127.0.0.1',
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

/** A password is known only while somebody logs in: then a hash of an older kind is made anew. */
async function renewHash(db: Kysely<Tables>, userId: string, password: string): Promise<void> {
  const hash = await selectPasswordHash(db, userId);
  if (hash && isOutdated(hash)) await updatePasswordHash(db, userId, await hashPassword(password));
}

function nullWhenRefused(error: unknown): null {
  if (isAPIError(error) && error.statusCode < 500) return null;
  throw error;
}

function readCookie(headers: Headers, name: string): SessionCookie {
  const cookie = parseSetCookieHeader(headers.getSetCookie().join(', ')).get(name);
  if (!cookie) throw new Error('a login made no session cookie');
  return { name, value: cookie.value };
}

function headersOf({ name, value }: SessionCookie): Headers {
  return new Headers({ cookie: `${name}=${encodeURIComponent(value)}` });
}
