import {
  retentionPreview,
  retentionQuery,
  retentionRule,
  type StorageView,
  storageView,
} from '@netdelta/core/api/storage.ts';
import { decideCutoffs } from '@netdelta/core/retention/cutoffs.ts';
import { z } from 'zod';
import { recordAudit, sourceOf } from '../audit/record-audit.ts';
import type { Database, SiteTransaction } from '../db/database.ts';
import { notFound } from '../http/request-problem.ts';
import type { SiteRoutes } from '../http/site-routes.ts';
import type { Queue } from '../queue/queue.ts';
import { presentStorage } from './present-storage.ts';
import { MOST_COUNTED, selectPreview } from './preview-queries.ts';
import { selectRule, selectRuns, updateRule } from './run-queries.ts';

const RUNS_LOOKED_AT = 31;

/** What a site's data takes, how long it is kept, and what would expire. */
export const storageRoutes =
  ({ database, queue }: { database: Database; queue: Queue }): SiteRoutes =>
  async (app) => {
    app.get(
      '/storage',
      { config: { needs: 'read' }, schema: { response: { 200: storageView } } },
      ({ site }) => database.withSite(site.id, (tx) => viewStorage(tx, site.id)),
    );

    app.put(
      '/storage',
      {
        config: { needs: 'configure' },
        schema: { body: retentionRule, response: { 200: storageView } },
      },
      (request) => {
        const { site, body } = request;
        return database.withSite(site.id, async (tx) => {
          const { rule: before } = await viewStorage(tx, site.id);
          await updateRule(tx, site.id, body);
          const subject = { kind: 'site', id: site.id, name: site.name };
          const change = { action: 'settings.edited', subject, before, after: body } as const;
          await recordAudit(tx, site.id, sourceOf(request), change);
          return viewStorage(tx, site.id);
        });
      },
    );

    app.get(
      '/storage/preview',
      {
        config: { needs: 'read' },
        schema: { querystring: retentionQuery, response: { 200: retentionPreview } },
      },
      ({ site, query }) =>
        database.withSite(site.id, async (tx) => {
          const window = (await selectRule(tx, site.id))?.historyWindow ?? 0;
          const cutoffs = decideCutoffs(query, new Date().toISOString());
          const expired = await selectPreview(tx, cutoffs, window);
          const atLeast = Object.values(expired).some((count) => count === MOST_COUNTED);
          return { expired, atLeast };
        }),
    );

    app.post(
      '/storage/runs',
      {
        config: { needs: 'configure' },
        schema: { response: { 202: z.object({ enqueued: z.literal(true) }) } },
      },
      async (request, reply) => {
        const { site } = request;
        await database.withSite(site.id, async (tx) => {
          await queue.enqueue(tx, 'retention.run', { siteId: site.id }, { key: site.id });
          const subject = { kind: 'site', id: site.id, name: site.name };
          const change = { action: 'retention.started', subject } as const;
          await recordAudit(tx, site.id, sourceOf(request), change);
        });
        return reply.code(202).send({ enqueued: true });
      },
    );
  };

async function viewStorage(tx: SiteTransaction, siteId: string): Promise<StorageView> {
  const rule = await selectRule(tx, siteId);
  if (!rule) throw notFound('site');
  return presentStorage(rule, await selectRuns(tx, RUNS_LOOKED_AT));
}
