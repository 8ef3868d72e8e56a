import type { LoginWay } from '@netdelta/core/access/login-ways.ts';
import { makeSignature } from 'better-auth/crypto';
import {
  type AuthParts,
  type Client,
  createBetterAuth,
  headersOf,
  type SessionCookie,
} from './better-auth.ts';

export interface AuthUser {
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

/** A person, and the session by which they are known. */
export interface AuthSession {
  readonly user: AuthUser;
  readonly sessionId: string;
  readonly openedBy: LoginWay;
}

/** A new session. */
export interface Login {
  readonly user: AuthUser;
  readonly openedBy: LoginWay;
  readonly cookie: SessionCookie;
}

/** Opens, finds and ends sessions; knows nothing of sites, nor of how people prove who they are. */
export interface Auth {
  readonly cookieName: string;
  /** For somebody who has just proved who they are, in this way. */
  readonly openSession: (user: AuthUser, openedBy: LoginWay, client: Client) => Promise<Login>;
  /** Whose session a cookie holds; null for none, a forged or an ended one. */
  readonly findSession: (cookie: SessionCookie) => Promise<AuthSession | null>;
  readonly logout: (cookie: SessionCookie) => Promise<void>;
}

/** Wires better-auth and hides it. */
export async function createAuth(parts: AuthParts): Promise<Auth> {
  const auth = createBetterAuth(parts);
  const { authCookies, internalAdapter, secret } = await auth.$context;
  const cookieName = authCookies.sessionToken.name;
  return {
    cookieName,
    openSession: async (user, openedBy, { address, userAgent }) => {
      const facts = { openedBy, ipAddress: address, userAgent };
      const { token } = await internalAdapter.createSession(user.id, false, facts);
      // As better-auth signs its cookies, and reads them in getSession.
      const value = `${token}.${await makeSignature(token, secret)}`;
      return { user, openedBy, cookie: { name: cookieName, value } };
    },
    findSession: async (cookie) => {
      const found = await auth.api.getSession({ headers: headersOf(cookie) });
      if (!found) return null;
      const { id, name, email } = found.user;
      const { id: sessionId, openedBy } = found.session;
      return { user: { id, name, email }, sessionId, openedBy: openedBy as LoginWay };
    },
    logout: async (cookie) => {
      await auth.api.signOut({ headers: headersOf(cookie) });
    },
  };
}
