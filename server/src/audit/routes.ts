import { Readable } from 'node:stream';
import { auditCheck, auditQuery, auditView } from '@netdelta/core/api/audit.ts';
import { pageOf } from '@netdelta/core/api/page.ts';
import type { Database } from '../db/database.ts';
import type { SiteRoutes } from '../http/site-routes.ts';
import { createSlots } from '../http/slots.ts';
import { checkChain } from './check-chain.ts';
import { exportChain } from './export-chain.ts';
import { presentEntry } from './present-entry.ts';
import { selectEntries } from './queries.ts';

/** Each reads all of a site's entries. */
const MOST_AT_ONCE = { ofSite: 1, inAll: 2 };

/** The audit log: its entries, all of it as a file, and whether it is as it was written. */
export const auditRoutes =
  ({ database }: { database: Database }): SiteRoutes =>
  async (app) => {
    const slots = createSlots('checks and exports of the audit log', MOST_AT_ONCE);
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
      async ({ site }) => {
        const free = slots.take(site.id);
        return database.withSite(site.id, (tx) => checkChain(tx, site.id)).finally(free);
      },
    );

    app.get(
      '/audit/export',
      { config: { needs: 'audit' }, exposeHeadRoute: false },
      ({ site }, reply) => {
        const free = slots.take(site.id);
        const lines = Readable.from(exportChain(database, site.id)).once('close', free);
        return reply
          .type('application/x-ndjson')
          .header('content-disposition', `attachment; filename="audit-${site.slug}.ndjson"`)
          .send(lines);
      },
    );
  };
