import type { Kysely } from 'kysely';
import type { Tables } from '../db/tables.ts';
import {
  type AuthParts,
  type Client,
  cookiesIn,
  createBetterAuth,
  headersFrom,
  headersOf,
  nullWhenRefused,
  readCookie,
  type SessionCookie,
} from './better-auth.ts';
import { hashPassword, isOutdated } from './password-hash.ts';
import { selectPasswordHash, updateOutdatedHash } from './queries.ts';
import { createSecondFactor, type SecondFactor, verifyCode } from './second-factor.ts';

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

export interface Credentials {
  readonly email: string;
  readonly password: string;
  /** Of the authenticator app, or a recovery code, for those who have a second factor. */
  readonly code?: string | undefined;
}

/**
 * A new session; `wrong` when the e-mail is not known or the password is not its own. Only who has
 * given the right password learns of a second factor: `code-needed`, `wrong-code`.
 */
export type LoginOutcome = Login | 'wrong' | 'code-needed' | 'wrong-code';

/** Logs people in and out by e-mail, password and second factor; knows nothing of sites. */
export interface Auth {
  readonly cookieName: string;
  readonly login: (credentials: Credentials, client: Client) => Promise<LoginOutcome>;
  /** Whose session a cookie holds; null for none, a forged or an ended one. */
  readonly findSession: (cookie: SessionCookie) => Promise<AuthSession | null>;
  readonly logout: (cookie: SessionCookie) => Promise<void>;
  readonly secondFactor: SecondFactor;
}

/** Wires better-auth and hides it. */
export async function createAuth(parts: AuthParts): Promise<Auth> {
  const auth = createBetterAuth(parts);
  const { authCookies } = await auth.$context;
  const cookieName = authCookies.sessionToken.name;
  /** The second half of a login, by what its first half has set. */
  const passSecondFactor = async (
    pending: Headers,
    code: string,
    client: Client,
  ): Promise<LoginOutcome> => {
    const headers = headersFrom(client);
    headers.set('cookie', cookiesIn(pending));
    const answer = await verifyCode(auth, code, headers);
    if (!answer) return 'wrong-code';
    return { user: answer.user, cookie: readCookie(answer.headers, cookieName) };
  };
  return {
    cookieName,
    login: async ({ code, ...body }, client) => {
      const signIn = { body, headers: headersFrom(client), returnHeaders: true } as const;
      const answer = await auth.api.signInEmail(signIn).catch(nullWhenRefused);
      if (!answer) return 'wrong';
      if (!('user' in answer.response))
        return code ? passSecondFactor(answer.headers, code, client) : 'code-needed';
      const { user } = answer.response;
      await renewHash(parts.db, user.id, body.password);
      return { user, cookie: readCookie(answer.headers, cookieName) };
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
    secondFactor: createSecondFactor(auth, cookieName),
  };
}

/** A password is known only while somebody logs in: then a hash of an older kind is made anew. */
async function renewHash(db: Kysely<Tables>, userId: string, password: string): Promise<void> {
  const hash = await selectPasswordHash(db, userId);
  if (!hash || !isOutdated(hash)) return;
  await updateOutdatedHash(db, { userId, outdated: hash, hash: await hashPassword(password) });
}
