import { scopeEntryView, scopeRequest } from '@netdelta/core/api/scope.ts';
import { dayAt } from '@netdelta/core/scope/day.ts';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { sourceOfVisitor } from '../audit/record-audit.ts';
import type { Database } from '../db/database.ts';
import type { DoorRoutes } from '../http/door-routes.ts';
import { notFound } from '../http/request-problem.ts';
import {
  addToScope,
  editScope,
  presentEntry,
  removeFromScope,
  type ScopeEdit,
} from './edit-scope.ts';
import { selectScopeEntries } from './scope-queries.ts';
import { selectSiteBySlug } from './site-queries.ts';

const bySlug = z.object({ slug: z.string().max(40) });
const byId = bySlug.extend({ id: z.uuid() });

/** `platform/sites/:slug/scope`: what a platform administrator lays upon a site, which its own people cannot widen. */
export const platformScopeRoutes =
  ({ database }: { database: Database }): DoorRoutes =>
  async (app) => {
    const edit = <T>(
      request: FastifyRequest,
      slug: string,
      work: (edit: ScopeEdit) => Promise<T>,
    ) =>
      database.system.transaction().execute(async (tx) => {
        const site = await selectSiteBySlug(tx, slug);
        if (!site) throw notFound('site');
        const today = dayAt(Date.now(), site.timeZone);
        const place = { siteId: site.id, siteName: site.name, laidBy: 'platform' } as const;
        return work({ tx, ...place, today, source: sourceOfVisitor(request) });
      });
    app.get(
      '/platform/sites/:slug/scope',
      {
        config: { needs: 'platform' },
        schema: {
          params: bySlug,
          response: { 200: z.object({ entries: z.array(scopeEntryView) }) },
        },
      },
      async ({ params }) => {
        const site = await selectSiteBySlug(database.system, params.slug);
        if (!site) throw notFound('site');
        const rows = await selectScopeEntries(database.system, site.id);
        const today = dayAt(Date.now(), site.timeZone);
        const own = rows.filter(({ laid_by }) => laid_by === 'platform');
        return { entries: own.map((row) => presentEntry(row, today)) };
      },
    );
    app.post(
      '/platform/sites/:slug/scope',
      {
        config: { needs: 'platform' },
        schema: { params: bySlug, body: scopeRequest, response: { 201: scopeEntryView } },
      },
      async (request, reply) => {
        const { params, body } = request;
        const made = await edit(request, params.slug, (work) => addToScope(work, body));
        return reply.code(201).send(made);
      },
    );
    app.put(
      '/platform/sites/:slug/scope/:id',
      {
        config: { needs: 'platform' },
        schema: { params: byId, body: scopeRequest, response: { 200: scopeEntryView } },
      },
      (request) => {
        const { params, body } = request;
        return edit(request, params.slug, (work) => editScope(work, params.id, body));
      },
    );
    app.delete(
      '/platform/sites/:slug/scope/:id',
      { config: { needs: 'platform' }, schema: { params: byId, response: { 204: z.null() } } },
      async (request, reply) => {
        const { params } = request;
        await edit(request, params.slug, (work) => removeFromScope(work, params.id));
        return reply.code(204).send(null);
      },
    );
  };
