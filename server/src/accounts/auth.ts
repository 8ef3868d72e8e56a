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
  /** Null: it opens all sites of the person. */
  readonly binding: SessionBinding | null;
}

/** Of a session that was made through a site's identity provider: it opens that site alone. */
interface SessionBinding {
  readonly siteId: string;
  readonly endsAt: Date;
  /** Whether the provider vouched for a second factor. */
  readonly factorAsserted: boolean;
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
  /** The cookie for a session that was stored under this token. */
  readonly cookieOf: (token: string) => Promise<SessionCookie>;
  readonly logout: (cookie: SessionCookie) => Promise<void>;
}

/** Wires better-auth and hides it. */
export async function createAuth(parts: AuthParts): Promise<Auth> {
  const auth = createBetterAuth(parts);
  const { authCookies, internalAdapter, secret } = await auth.$context;
  const cookieName = authCookies.sessionToken.name;
  /** As better-auth signs its cookies, and reads them in getSession. */
  const cookieOf = async (token: string): Promise<SessionCookie> => ({
    name: cookieName,
    value: `${token}.${await makeSignature(token, secret)}`,
  });
  return {
    cookieName,
    openSession: async (user, openedBy, { address, userAgent }) => {
      const facts = { openedBy, ipAddress: address, userAgent };
      const { token } = await internalAdapter.createSession(user.id, false, facts);
      return { user, openedBy, cookie: await cookieOf(token) };
    },
    findSession: async (cookie) => {
      const found = await auth.api.getSession({ headers: headersOf(cookie) });
      if (!found) return null;
      const { id, name, email } = found.user;
      const { id: sessionId, openedBy } = found.session;
      const binding = bindingOf(found.session);
      if (binding && binding.endsAt.getTime() <= Date.now()) return null;
      return { user: { id, name, email }, sessionId, openedBy: openedBy as LoginWay, binding };
    },
    cookieOf,
    logout: async (cookie) => {
      await auth.api.signOut({ headers: headersOf(cookie) });
    },
  };
}

interface StoredBinding {
  readonly boundTo?: string | null | undefined;
  readonly endsAt?: Date | null | undefined;
  readonly factorAsserted?: boolean | null | undefined;
}

function bindingOf({ boundTo, endsAt, factorAsserted }: StoredBinding): SessionBinding | null {
  if (!boundTo || !endsAt) return null;
  return { siteId: boundTo, endsAt, factorAsserted: factorAsserted === true };
}
