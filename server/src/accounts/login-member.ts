import type { SessionView } from '@netdelta/core/api/accounts.ts';
import type { FastifyRequest } from 'fastify';
import type { Database } from '../db/database.ts';
import { RequestProblem } from '../http/request-problem.ts';
import type { RequestPerson, RequestSite } from '../http/site-routes.ts';
import type { Auth, Login, SessionCookie } from './auth.ts';
import { selectRole } from './queries.ts';

interface LoginParts {
  readonly database: Database;
  readonly auth: Auth;
}

/** From where somebody logs in. */
export interface Client {
  readonly address: string;
  readonly userAgent: string;
}

export function clientOf({ ip, headers }: FastifyRequest): Client {
  return { address: ip, userAgent: headers['user-agent'] ?? '' };
}

type Member = Pick<RequestPerson, 'id' | 'name' | 'email' | 'role'>;

/** A member and the session that was made for them. */
export interface Entered {
  readonly cookie: SessionCookie;
  readonly user: Member;
}

/** @throws RequestProblem 401, the same whatever was wrong */
export async function loginMember(
  parts: LoginParts,
  site: RequestSite,
  { client, ...person }: { email: string; password: string; client: Client },
): Promise<Entered> {
  const login = await parts.auth.login(person, client);
  const entered = login && (await enterSite(parts, site, login));
  if (!entered) throw refusedLogin();
  return entered;
}

/** The session of a member; null, and the session ended, when the person is none of this site's. */
export async function enterSite(
  { database, auth }: LoginParts,
  { id: siteId }: RequestSite,
  { cookie, user }: Login,
): Promise<Entered | null> {
  const { id, name, email } = user;
  const role = await database.withSite(siteId, (tx) => selectRole(tx, { siteId, userId: id }));
  if (role) return { cookie, user: { id, name, email, role } };
  await auth.logout(cookie);
  return null;
}

/** The same for an unknown e-mail, a wrong password and no membership: it tells nobody which. */
function refusedLogin(): RequestProblem {
  const message = 'This e-mail and password do not open this site. Check both.';
  return new RequestProblem(401, 'wrong-login', message);
}

export function presentSession(user: Member, site: RequestSite): SessionView {
  const { id, name, email, role } = user;
  const { slug, timeZone, targetLimit } = site;
  return {
    user: { id, name, email },
    role,
    site: { slug, name: site.name, timeZone, targetLimit },
  };
}
