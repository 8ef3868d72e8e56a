import type { LoginWay } from '@netdelta/core/access/login-ways.ts';
import type { SessionView } from '@netdelta/core/api/accounts.ts';
import type { FastifyRequest } from 'fastify';
import { addressOf } from '../http/client-address.ts';
import { RequestProblem } from '../http/request-problem.ts';
import type { RequestPerson, RequestSite } from '../http/site-routes.ts';
import type { AccountParts } from './account-parts.ts';
import type { Login } from './auth.ts';
import type { Client, SessionCookie } from './better-auth.ts';
import { type Credentials, type LoginPlace, logIn } from './login.ts';
import { selectMembership } from './queries.ts';

type LoginParts = Pick<AccountParts, 'database' | 'auth' | 'vault' | 'queue' | 'mail'>;

export function clientOf(request: FastifyRequest): Client {
  return { address: addressOf(request), userAgent: request.headers['user-agent'] ?? '' };
}

type Member = Pick<
  RequestPerson,
  'id' | 'name' | 'email' | 'role' | 'lacksSecondFactor' | 'signedOn'
>;

/** A member and the session that was made for them. */
export interface Entered {
  readonly cookie: SessionCookie;
  readonly openedBy: LoginWay;
  readonly user: Member;
}

/**
 * Logs somebody in, with the second factor that they have.
 * @throws RequestProblem 401: `refused` for a wrong password; that a code is needed, or was wrong
 */
export async function requireLogin(
  parts: LoginParts,
  credentials: Credentials,
  { refused, ...place }: LoginPlace & { refused: () => RequestProblem },
): Promise<Login> {
  const outcome = await logIn(parts, credentials, place);
  if (outcome === 'wrong') throw refused();
  if (outcome === 'code-needed') throw new RequestProblem(401, 'code-needed', CODE_NEEDED);
  if (outcome === 'wrong-code') throw new RequestProblem(401, 'wrong-code', WRONG_CODE);
  return outcome;
}

/** Whether only the second factor is still missing. */
export function isCodeNeeded(error: unknown): boolean {
  return error instanceof RequestProblem && error.code === 'code-needed';
}

const CODE_NEEDED = 'Give the code that your authenticator app shows now, or a recovery code.';
const WRONG_CODE =
  'This code is wrong or used up. After ten wrong ones in a row all are refused for 15 minutes.';

/** @throws RequestProblem 401, the same whatever was wrong with e-mail, password and membership */
export async function loginMember(
  parts: LoginParts,
  site: RequestSite,
  { client, ...credentials }: Credentials & { client: Client },
): Promise<Entered> {
  const place = { client, siteId: site.id };
  const login = await requireLogin(parts, credentials, { ...place, refused: refusedLogin });
  const entered = await enterSite(parts, site, login);
  if (!entered) throw refusedLogin();
  return entered;
}

/**
 * The session of a member; null, and the session ended, when the person is none of this site's.
 * @throws RequestProblem 403 where members come in through the site's provider alone
 */
export async function enterSite(
  { database, auth }: Pick<LoginParts, 'database' | 'auth'>,
  { id: siteId }: RequestSite,
  { cookie, user, openedBy }: Login,
): Promise<Entered | null> {
  const { id, name, email } = user;
  const membership = await database.withSite(siteId, (tx) =>
    selectMembership(tx, { siteId, userId: id, openedBy }),
  );
  if (membership && !membership.passwordRefused) {
    const { role, lacksSecondFactor } = membership;
    const user = { id, name, email, role, lacksSecondFactor, signedOn: false };
    return { cookie, openedBy, user };
  }
  await auth.logout(cookie);
  if (membership) throw new RequestProblem(403, 'sign-on-demanded', SIGN_ON_DEMANDED);
  return null;
}

const SIGN_ON_DEMANDED =
  'Only owners may log in to this site by password or passkey. Log in through its single sign-on.';

/** The same for an unknown e-mail, a wrong password and no membership: it tells nobody which. */
export function refusedLogin(): RequestProblem {
  const message = 'This e-mail and password do not open this site. Check both.';
  return new RequestProblem(401, 'wrong-login', message);
}

export function presentSession(user: Member, site: RequestSite): SessionView {
  const { id, name, email, role, lacksSecondFactor, signedOn } = user;
  const { slug, timeZone, targetLimit } = site;
  return {
    user: { id, name, email },
    role,
    site: { slug, name: site.name, timeZone, targetLimit },
    lacksSecondFactor,
    signedOn,
  };
}
