import { siteSettings } from '@netdelta/core/api/settings.ts';
import { formatPortSet, parsePortSet } from '@netdelta/core/snapshot/port-set.ts';
import { recordAudit, sourceOf } from '../audit/record-audit.ts';
import type { Database } from '../db/database.ts';
import type { SiteRoutes } from '../http/site-routes.ts';
import { selectSettings, updateSettings } from './settings-queries.ts';

/** What a site decides for all its groups. A change counts from the next end of a scan on. */
export const settingsRoutes =
  ({ database }: { database: Database }): SiteRoutes =>
  async (app) => {
    app.get(
      '/settings',
      { config: { needs: 'read' }, schema: { response: { 200: siteSettings } } },
      ({ site }) => database.withSite(site.id, (tx) => selectSettings(tx, site.id)),
    );

    app.put(
      '/settings',
      {
        config: { needs: 'configure' },
        schema: { body: siteSettings, response: { 200: siteSettings } },
      },
      (request) => {
        const { site, body } = request;
        return database.withSite(site.id, async (tx) => {
          const before = await selectSettings(tx, site.id);
          const dangerPorts = formatPortSet(parsePortSet(body.dangerPorts).ports);
          await updateSettings(tx, site.id, { ...body, dangerPorts });
          const after = await selectSettings(tx, site.id);
          const subject = { kind: 'site', id: site.id, name: site.name };
          const change = { action: 'settings.edited', subject, before, after } as const;
          await recordAudit(tx, site.id, sourceOf(request), change);
          return after;
        });
      },
    );
  };
