import { siteQuotas } from '@netdelta/core/api/site.ts';
import { z } from 'zod';
import { sourceOfVisitor } from '../audit/record-audit.ts';
import type { Database } from '../db/database.ts';
import type { DoorRoutes } from '../http/door-routes.ts';
import { notFound } from '../http/request-problem.ts';
import type { Queue } from '../queue/queue.ts';
import { selectQuotas } from './quota-queries.ts';
import { setQuotas } from './set-quotas.ts';
import { selectSiteBySlug } from './site-queries.ts';

const bySlug = z.object({ slug: z.string().max(40) });

/** `platform/sites/:slug/quotas`: what the platform grants a site. */
export const platformQuotaRoutes =
  (parts: { database: Database; queue: Queue }): DoorRoutes =>
  async (app) => {
    app.get(
      '/platform/sites/:slug/quotas',
      { config: { needs: 'platform' }, schema: { params: bySlug, response: { 200: siteQuotas } } },
      async ({ params }) => {
        const { system } = parts.database;
        const site = await selectSiteBySlug(system, params.slug);
        if (!site) throw notFound('site');
        return selectQuotas(system, site.id);
      },
    );
    app.put(
      '/platform/sites/:slug/quotas',
      {
        config: { needs: 'platform' },
        schema: { params: bySlug, body: siteQuotas, response: { 200: siteQuotas } },
      },
      (request) => {
        const wish = { quotas: request.body, source: sourceOfVisitor(request) };
        return setQuotas(parts, request.params.slug, wish);
      },
    );
  };
