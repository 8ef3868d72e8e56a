import { removalRequest, removalView } from '@netdelta/core/api/removal.ts';
import { sourceOf } from '../audit/record-audit.ts';
import type { SiteRoutes } from '../http/site-routes.ts';
import { deactivateSite, type RemovalParts } from './deactivate-site.ts';

/** `site/removal`: the end of the site, for its owners. */
export const removalRoutes =
  (parts: RemovalParts): SiteRoutes =>
  async (app) => {
    app.post(
      '/site/removal',
      {
        config: { needs: 'own' },
        schema: { body: removalRequest, response: { 202: removalView } },
      },
      async (request, reply) => {
        const { site, body } = request;
        await deactivateSite(parts, { ...body, siteId: site.id, source: sourceOf(request) });
        const state = body.keepsData ? 'deactivated' : 'deleting';
        return reply.code(202).send({ slug: site.slug, state });
      },
    );
  };
