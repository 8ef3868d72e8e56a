import {
  type ScopeEntryView,
  scopeEntryView,
  scopeRequest,
  scopeView,
} from '@netdelta/core/api/scope.ts';
import { dayAt } from '@netdelta/core/scope/day.ts';
import type { Scope } from '@netdelta/core/scope/scope.ts';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { sourceOf } from '../audit/record-audit.ts';
import type { Database, SiteTransaction } from '../db/database.ts';
import type { SiteRoutes } from '../http/site-routes.ts';
import {
  addToScope,
  editScope,
  presentEntry,
  removeFromScope,
  type ScopeEdit,
} from './edit-scope.ts';
import { judgeTargets, loadScope } from './load-scope.ts';
import { selectGroupTargets, selectScopeEntries } from './scope-queries.ts';

const byId = z.object({ id: z.uuid() });

/** `scope`: what the site is authorised to scan. What the platform laid upon it is shown, and not changed here. */
export const scopeRoutes =
  ({ database }: { database: Database }): SiteRoutes =>
  async (app) => {
    const edit = <T>(request: FastifyRequest, work: (edit: ScopeEdit) => Promise<T>) =>
      database.withSite(request.site.id, (tx) => work(editOf(tx, request)));
    app.get(
      '/scope',
      { config: { needs: 'read' }, schema: { response: { 200: scopeView } } },
      ({ site }) =>
        database.withSite(site.id, async (tx) => {
          const today = dayAt(Date.now(), site.timeZone);
          const rows = await selectScopeEntries(tx, site.id);
          const entries: ScopeEntryView[] = rows.map((row) => presentEntry(row, today));
          const scope = await loadScope(tx, site.id);
          return { entries, refusedGroups: await listRefused(tx, scope) };
        }),
    );
    app.post(
      '/scope',
      {
        config: { needs: 'configure' },
        schema: { body: scopeRequest, response: { 201: scopeEntryView } },
      },
      async (request, reply) =>
        reply.code(201).send(await edit(request, (work) => addToScope(work, request.body))),
    );
    app.put(
      '/scope/:id',
      {
        config: { needs: 'configure' },
        schema: { params: byId, body: scopeRequest, response: { 200: scopeEntryView } },
      },
      (request) => edit(request, (work) => editScope(work, request.params.id, request.body)),
    );
    app.delete(
      '/scope/:id',
      { config: { needs: 'configure' }, schema: { params: byId, response: { 204: z.null() } } },
      async (request, reply) => {
        await edit(request, (work) => removeFromScope(work, request.params.id));
        return reply.code(204).send(null);
      },
    );
  };

function editOf(tx: SiteTransaction, request: FastifyRequest): ScopeEdit {
  const { site } = request;
  const today = dayAt(Date.now(), site.timeZone);
  const place = { siteId: site.id, siteName: site.name, laidBy: 'site' } as const;
  return { tx, ...place, today, source: sourceOf(request) };
}

const MOST_REFUSED = 20;
const AT_ONCE = 100;
/** A page is not to read for ever: of more groups than this the scans say it themselves. */
const MOST_LOOKED_AT = 2_000;

async function listRefused(tx: SiteTransaction, scope: Scope) {
  const refused: { id: string; name: string; reason: string }[] = [];
  let beyond = NO_ID;
  for (let seen = 0; scope.length > 0 && seen < MOST_LOOKED_AT; seen += AT_ONCE) {
    const groups = await selectGroupTargets(tx, { beyond, limit: AT_ONCE });
    for (const { id, name, ...asked } of groups) {
      const reason = judgeTargets(scope, asked);
      if (reason !== null) refused.push({ id, name, reason });
      if (refused.length === MOST_REFUSED) return refused;
      beyond = id;
    }
    if (groups.length < AT_ONCE) break;
  }
  return refused;
}

const NO_ID = '00000000-0000-0000-0000-000000000000';
