import { apiError } from '@netdelta/core/api/page.ts';
import {
  type SignOnView,
  signOnCheckRequest,
  signOnFindings,
  signOnRequest,
  signOnView,
} from '@netdelta/core/api/sign-on.ts';
import { z } from 'zod';
import { recordAudit, sourceOf } from '../../audit/record-audit.ts';
import type { RequestSite, SiteRoutes } from '../../http/site-routes.ts';
import { removeProvider, saveProvider, secretToCheck } from './change-provider.ts';
import { checkProvider } from './check-provider.ts';
import { presentProvider } from './present-provider.ts';
import { deleteBoundSessions, type ProviderRow, selectProvider } from './queries.ts';
import { redirectUriOf, type SignOnParts } from './sign-on-parts.ts';

const MOST_CHECKS = { max: 30, timeWindow: 300_000 };

/** `sign-on`: through which identity provider people come into the site, and in which roles. */
export function signOnRoutes(parts: SignOnParts): SiteRoutes {
  const { database } = parts;
  const present = (site: RequestSite, row: ProviderRow | undefined): SignOnView => ({
    redirectUri: redirectUriOf(parts, site.slug),
    provider: row ? presentProvider(row) : null,
  });
  return async (app) => {
    app.get(
      '/sign-on',
      { config: { needs: 'members' }, schema: { response: { 200: signOnView } } },
      async ({ site }) => present(site, await database.withSite(site.id, selectProvider)),
    );
    app.put(
      '/sign-on',
      {
        config: { needs: 'members' },
        schema: {
          body: signOnRequest,
          response: { 200: signOnView, 400: apiError, 403: apiError, 409: apiError },
        },
      },
      async (request) => {
        const { site, person, body } = request;
        const { before, after } = await database.withSite(site.id, async (tx) => {
          const saved = await saveProvider(parts, tx, { site, person, rule: body });
          const edit = {
            action: 'signOn.edited',
            subject: { kind: 'site', id: site.id, name: site.name },
            before: saved.before ? presentProvider(saved.before) : null,
            after: { ...presentProvider(saved.after), ...(body.clientSecret && NEW_SECRET) },
          } as const;
          await recordAudit(tx, site.id, sourceOf(request), edit);
          return saved;
        });
        // Nobody is let in by them any more in any case (selectMembership): this is for good.
        if (before?.enabled && (!after.enabled || after.issuer !== before.issuer))
          await deleteBoundSessions(database.system, site.id);
        return present(site, after);
      },
    );
    app.delete(
      '/sign-on',
      {
        config: { needs: 'members' },
        schema: { response: { 204: z.null(), 403: apiError } },
      },
      async (request, reply) => {
        const { site, person } = request;
        await database.withSite(site.id, async (tx) => {
          const before = await removeProvider(tx, { site, person });
          if (!before) return;
          const subject = { kind: 'site', id: site.id, name: site.name };
          const removal = {
            action: 'signOn.removed',
            subject,
            before: presentProvider(before),
          } as const;
          await recordAudit(tx, site.id, sourceOf(request), removal);
        });
        await deleteBoundSessions(database.system, site.id);
        return reply.code(204).send(null);
      },
    );
    app.post(
      '/sign-on/check',
      {
        config: { needs: 'members', rateLimit: MOST_CHECKS },
        schema: { body: signOnCheckRequest, response: { 200: signOnFindings, 400: apiError } },
      },
      async ({ site, body }) => {
        const before = await database.withSite(site.id, selectProvider);
        const findings = await checkProvider({
          openAccess: async () => ({
            ...body,
            clientSecret: await secretToCheck(parts, before, body),
          }),
          groupsClaim: body.groupsClaim,
          redirectUri: redirectUriOf(parts, site.slug),
          ask: parts.fetchOutside,
        });
        return { findings };
      },
    );
  };
}

/** That there is another one is written down; which one is not. */
const NEW_SECRET = { newSecret: true };
