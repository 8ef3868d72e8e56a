import { siteFacts, siteView } from '@netdelta/core/api/site.ts';
import { recordAudit, sourceOf } from '../audit/record-audit.ts';
import type { Database } from '../db/database.ts';
import type { SiteRoutes } from '../http/site-routes.ts';
import { selectSiteFacts, updateSiteFacts } from './settings-queries.ts';

/** `site`: what the site is called, and how it writes its times. */
export const siteFactsRoutes =
  ({ database }: { database: Database }): SiteRoutes =>
  async (app) => {
    app.get(
      '/site',
      { config: { needs: 'read' }, schema: { response: { 200: siteView } } },
      ({ site }) => database.withSite(site.id, (tx) => selectSiteFacts(tx, site.id)),
    );
    app.put(
      '/site',
      {
        config: { needs: 'configure' },
        schema: { body: siteFacts, response: { 200: siteView } },
      },
      (request) => {
        const { site, body } = request;
        return database.withSite(site.id, async (tx) => {
          const before = factsOf(await selectSiteFacts(tx, site.id));
          await updateSiteFacts(tx, site.id, body);
          const subject = { kind: 'site', id: site.id, name: body.name };
          const change = { action: 'settings.edited', subject, before, after: body } as const;
          await recordAudit(tx, site.id, sourceOf(request), change);
          return selectSiteFacts(tx, site.id);
        });
      },
    );
  };

function factsOf({ name, timeZone, dateLocale }: Awaited<ReturnType<typeof selectSiteFacts>>) {
  return { name, timeZone, dateLocale };
}
