import { auditQuery, auditView } from '@netdelta/core/api/audit.ts';
import { pageOf } from '@netdelta/core/api/page.ts';
import { removalRequest, removalView } from '@netdelta/core/api/removal.ts';
import { z } from 'zod';
import { PLATFORM_LOG } from '../audit/platform-log.ts';
import { presentEntry } from '../audit/present-entry.ts';
import { selectEntries } from '../audit/queries.ts';
import { sourceOfVisitor } from '../audit/record-audit.ts';
import type { DoorRoutes } from '../http/door-routes.ts';
import { notFound } from '../http/request-problem.ts';
import { selectSiteBySlug } from '../sites/site-queries.ts';
import { deactivateSite, type RemovalParts, restoreSite } from './deactivate-site.ts';

const bySlug = z.object({ slug: z.string().max(40) });

/** The end of a site and its return, and the log that keeps who did it, for platform administrators. */
export const platformRemovalRoutes =
  (parts: RemovalParts): DoorRoutes =>
  async (app) => {
    const { system } = parts.database;
    const requireSite = async (slug: string) => {
      const site = await selectSiteBySlug(system, slug);
      if (!site) throw notFound('site');
      return site;
    };
    app.post(
      '/platform/sites/:slug/removal',
      {
        config: { needs: 'platform' },
        schema: { params: bySlug, body: removalRequest, response: { 202: removalView } },
      },
      async (request, reply) => {
        const { params, body } = request;
        const { id, slug } = await requireSite(params.slug);
        await deactivateSite(parts, { ...body, siteId: id, source: sourceOfVisitor(request) });
        return reply.code(202).send({ slug, state: body.keepsData ? 'deactivated' : 'deleting' });
      },
    );
    app.post(
      '/platform/sites/:slug/restore',
      {
        config: { needs: 'platform' },
        schema: { params: bySlug, response: { 200: removalView } },
      },
      async (request) => {
        const { id, slug } = await requireSite(request.params.slug);
        await restoreSite(parts, { siteId: id, source: sourceOfVisitor(request) });
        return { slug, state: 'active' as const };
      },
    );
    app.get(
      '/platform/audit',
      {
        config: { needs: 'platform' },
        schema: { querystring: auditQuery, response: { 200: pageOf(auditView) } },
      },
      async ({ query }) => {
        const rows = await system
          .transaction()
          .execute((tx) => selectEntries(tx, PLATFORM_LOG, query));
        const items = rows.slice(0, query.limit).map(presentEntry);
        const last = items.at(-1);
        return { items, next: rows.length > query.limit && last ? String(last.number) : null };
      },
    );
  };
