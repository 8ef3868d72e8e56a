import { loginRequest, sessionView } from '@netdelta/core/api/accounts.ts';
import { apiError } from '@netdelta/core/api/page.ts';
import { z } from 'zod';
import type { SiteRoutes } from '../http/site-routes.ts';
import type { AccountParts } from './account-parts.ts';
import { clientOf, isCodeNeeded, loginMember, presentSession } from './login-member.ts';
import { recordEntered, recordRefused } from './record-login.ts';

/** `session`: log in (POST), who is logged in (GET), log out (DELETE). */
export function sessionRoutes(parts: AccountParts): SiteRoutes {
  const { auth, cookies } = parts;
  return async (app) => {
    const limitLogins = parts.loginLimits(app);
    const answers = { 200: sessionView, 401: apiError, 403: apiError, 429: apiError };
    app.post(
      '/session',
      { config: { needs: 'nothing' }, schema: { body: loginRequest, response: answers } },
      async (request, reply) => {
        const { site, body } = request;
        const { withSite } = parts.database;
        await limitLogins(request, body.email);
        const login = loginMember(parts, site, { ...body, client: clientOf(request) });
        const entered = await login.catch(async (error: unknown) => {
          const attempt = { request, email: body.email };
          // Half a login is none that was refused.
          if (!isCodeNeeded(error))
            await withSite(site.id, (tx) => recordRefused(tx, [site], attempt));
          throw error;
        });
        const { user, openedBy } = entered;
        const who = { ...user, openedBy, action: 'session.opened' } as const;
        await withSite(site.id, (tx) => recordEntered(tx, site, { request, who }));
        cookies.set(reply, site.slug, entered.cookie);
        return presentSession(entered.user, site);
      },
    );
    app.get(
      '/session',
      {
        config: { needs: 'person' },
        schema: { response: { 200: sessionView, 401: apiError } },
      },
      async (request, reply) => {
        const cookie = cookies.read(request);
        // The server lengthens a session that is used; the browser's copy must last as long. One that
        // was made through a provider ends when it ends.
        if (cookie && !request.person.signedOn) cookies.set(reply, request.site.slug, cookie);
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
