import { quotaView } from '@netdelta/core/api/site.ts';
import type { Database } from '../db/database.ts';
import type { SiteRoutes } from '../http/site-routes.ts';
import { selectGroupUse, selectQuotas, selectRunningScans } from './quota-queries.ts';

/** GET …/quotas: what the platform grants the site, and what is used of it. */
export const quotaRoutes =
  ({ database }: { database: Database }): SiteRoutes =>
  async (app) => {
    app.get(
      '/quotas',
      { config: { needs: 'read' }, schema: { response: { 200: quotaView } } },
      ({ site }) =>
        database.withSite(site.id, async (tx) => {
          const runningScans = await selectRunningScans(tx, site.id);
          const used = { ...(await selectGroupUse(tx, site.id)), runningScans };
          return { quotas: await selectQuotas(tx, site.id), used };
        }),
    );
  };
