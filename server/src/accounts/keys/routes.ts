import { apiError, pageOf, pageQuery } from '@netdelta/core/api/page.ts';
import { type KeyView, keyMade, keyRequest, keyView } from '@netdelta/core/api/people.ts';
import { z } from 'zod';
import { recordAudit, sourceOf } from '../../audit/record-audit.ts';
import type { Database } from '../../db/database.ts';
import { notFound, RequestProblem } from '../../http/request-problem.ts';
import type { SiteRoutes } from '../../http/site-routes.ts';
import { createKeyToken } from './key-token.ts';
import { insertKey, type KeyRow, selectKey, selectKeys, updateToRevoked } from './queries.ts';

const byId = z.object({ id: z.uuid() });
const listQuery = pageQuery.extend({ after: z.uuid().optional() });

/** `api-keys`: with what programs enter the site. */
export const keyRoutes =
  ({ database }: { database: Database }): SiteRoutes =>
  async (app) => {
    app.get(
      '/api-keys',
      {
        config: { needs: 'keys' },
        schema: { querystring: listQuery, response: { 200: pageOf(keyView) } },
      },
      async ({ site, query: { after, limit } }) => {
        const page = { after, limit: limit + 1 };
        const rows = await database.withSite(site.id, (tx) => selectKeys(tx, page));
        const items = rows.slice(0, limit).map(presentKey);
        return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
      },
    );
    app.post(
      '/api-keys',
      {
        config: { needs: 'keys' },
        schema: { body: keyRequest, response: { 201: keyMade, 400: apiError } },
      },
      async (request, reply) => {
        const { site, person, body } = request;
        if (body.expiresAt !== null && Date.parse(body.expiresAt) <= Date.now()) throw expired();
        const made = createKeyToken();
        const key = await database.withSite(site.id, async (tx) => {
          const owner = { siteId: site.id, createdBy: person.id };
          const id = await insertKey(tx, { ...owner, ...body }, made);
          const row = await selectKey(tx, id);
          if (!row) throw notFound('API key');
          const after = { scopes: body.scopes, expiresAt: body.expiresAt };
          const change = { action: 'apiKey.created', subject: subjectOf(row), after } as const;
          await recordAudit(tx, site.id, sourceOf(request), change);
          return row;
        });
        return reply.code(201).send({ key: presentKey(key), token: made.token });
      },
    );
    app.delete(
      '/api-keys/:id',
      {
        config: { needs: 'keys' },
        schema: { params: byId, response: { 204: z.null(), 404: apiError } },
      },
      async (request, reply) => {
        const { site, params } = request;
        await database.withSite(site.id, async (tx) => {
          const row = await selectKey(tx, params.id);
          if (!row || !(await updateToRevoked(tx, params.id))) throw notFound('API key');
          const change = { action: 'apiKey.revoked', subject: subjectOf(row) } as const;
          await recordAudit(tx, site.id, sourceOf(request), change);
        });
        return reply.code(204).send(null);
      },
    );
  };

function subjectOf({ id, name }: KeyRow) {
  return { kind: 'apiKey', id, name };
}

function expired(): RequestProblem {
  const problems = [{ path: 'expiresAt', message: 'is over already' }];
  return new RequestProblem(400, 'invalid', 'The key cannot be made like this.', problems);
}

function presentKey(row: KeyRow): KeyView {
  return {
    id: row.id,
    name: row.name,
    hint: row.hint,
    scopes: row.scopes,
    createdBy: row.creator,
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at?.toISOString() ?? null,
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
  };
}
