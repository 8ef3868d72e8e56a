import { loginRequest, type SessionView, sessionView } from '@netdelta/core/api/accounts.ts';
import { apiError } from '@netdelta/core/api/page.ts';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Database } from '../db/database.ts';
import { RequestProblem } from '../http/request-problem.ts';
import type { RequestPerson, RequestSite, SiteRoutes } from '../http/site-routes.ts';
import type { Auth } from './auth.ts';
import { createLoginLimits } from './login-limits.ts';
import { selectRole } from './queries.ts';
import type { SessionCookies } from './session-cookie.ts';

export interface AccountParts {
  readonly database: Database;
  readonly auth: Auth;
  readonly cookies: SessionCookies;
}

/** `session`: log in (POST), who is logged in (GET), log out (DELETE). */
export function accountRoutes(parts: AccountParts): SiteRoutes {
  const { auth, cookies } = parts;
  return async (app) => {
    const limitLogins = createLoginLimits(app);
    const answers = { 200: sessionView, 401: apiError, 429: apiError };
    app.post(
      '/session',
      { config: { needs: 'nothing' }, schema: { body: loginRequest, response: answers } },
      async (request, reply) => {
        await limitLogins(request);
        const { site, body } = request;
        const login = await loginMember(parts, { site, ...body, ...clientOf(request) });
        cookies.set(reply, site.slug, login.cookie);
        return presentSession(login.user, site);
      },
    );
    app.get(
      '/session',
      {
        config: { needs: 'login' },
        schema: { response: { 200: sessionView, 401: apiError } },
      },
      async (request, reply) => {
        const cookie = cookies.read(request);
        // The server lengthens a session that is used; the browser's copy must last as long.
        if (cookie) cookies.set(reply, request.site.slug, cookie);
        return presentSession(request.person, request.site);
      },
    );
    app.delete(
      '/session',
      { config: { needs: 'nothing' }, schema: { response: { 204: z.undefined() } } },
      async (request, reply) => {
        const cookie = cookies.read(request);
        if (cookie) await auth.logout(cookie);
        cookies.clear(reply, request.site.slug);
        return reply.code(204).send();
      },
    );
  };
}

export function clientOf({ ip, headers }: FastifyRequest) {
  return { address: ip, userAgent: headers['user-agent'] ?? '' };
}

type Member = Pick<RequestPerson, 'id' | 'name' | 'email' | 'role'>;

interface Attempt {
  readonly site: RequestSite;
  readonly email: string;
  readonly password: string;
  readonly address: string;
  readonly userAgent: string;
}

async function loginMember(
  { database, auth }: AccountParts,
  { site, email, password, ...client }: Attempt,
) {
  const login = await auth.login({ email, password }, client);
  if (!login) throw refusedLogin();
  const { id, name, email: ownEmail } = login.user;
  const role = await database.withSite(site.id, (tx) =>
    selectRole(tx, { siteId: site.id, userId: id }),
  );
  if (role) return { cookie: login.cookie, user: { id, name, email: ownEmail, role } };
  await auth.logout(login.cookie);
  throw refusedLogin();
}

/** The same for an unknown e-mail, a wrong password and no membership: it tells nobody which. */
function refusedLogin(): RequestProblem {
  const message = 'This e-mail and password do not open this site. Check both.';
  return new RequestProblem(401, 'wrong-login', message);
}

function presentSession(user: Member, site: RequestSite): SessionView {
  const { id, name, email, role } = user;
  const { slug, timeZone, targetLimit } = site;
  return {
    user: { id, name, email },
    role,
    site: { slug, name: site.name, timeZone, targetLimit },
  };
}
