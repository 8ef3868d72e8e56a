import { Readable } from 'node:stream';
import { auditCheck, auditQuery, auditView } from '@netdelta/core/api/audit.ts';
import { pageOf } from '@netdelta/core/api/page.ts';
import type { Database } from '../db/database.ts';
import type { SiteRoutes } from '../http/site-routes.ts';
import { checkChain } from './check-chain.ts';
import { exportChain } from './export-chain.ts';
import { presentEntry } from './present-entry.ts';
import { selectEntries } from './queries.ts';

/** The audit log: its entries, all of it as a file, and whether it is as it was written. */
export const auditRoutes =
  ({ database }: { database: Database }): SiteRoutes =>
  async (app) => {
    app.get(
      '/audit',
      {
        config: { needs: 'audit' },
        schema: { querystring: auditQuery, response: { 200: pageOf(auditView) } },
      },
      async ({ site, query }) => {
        const rows = await database.withSite(site.id, (tx) => selectEntries(tx, site.id, query));
        const items = rows.slice(0, query.limit).map(presentEntry);
        const last = items.at(-1);
        return { items, next: rows.length > query.limit && last ? String(last.number) : null };
      },
    );

    app.get(
      '/audit/check',
      { config: { needs: 'audit' }, schema: { response: { 200: auditCheck } } },
      ({ site }) => database.withSite(site.id, (tx) => checkChain(tx, site.id)),
    );

    app.get('/audit/export', { config: { needs: 'audit' } }, ({ site }, reply) =>
      reply
        .type('application/x-ndjson')
        .header('content-disposition', `attachment; filename="audit-${site.slug}.ndjson"`)
        .send(Readable.from(exportChain(database, site.id))),
    );
  };
