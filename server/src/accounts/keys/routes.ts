import { apiError, pageOf, pageQuery } from '@netdelta/core/api/page.ts';
import { type KeyView, keyMade, keyRequest, keyView } from '@netdelta/core/api/people.ts';
import { z } from 'zod';
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
      async ({ site, person, body }, reply) => {
        if (body.expiresAt !== null && Date.parse(body.expiresAt) <= Date.now()) throw expired();
        const made = createKeyToken();
        const key = await database.withSite(site.id, async (tx) => {
          const owner = { siteId: site.id, createdBy: person.id };
          const id = await insertKey(tx, { ...owner, ...body }, made);
          return selectKey(tx, id);
        });
        if (!key) throw notFound('API key');
        return reply.code(201).send({ key: presentKey(key), token: made.token });
      },
    );
    app.delete(
      '/api-keys/:id',
      {
        config: { needs: 'keys' },
        schema: { params: byId, response: { 204: z.null(), 404: apiError } },
      },
      async ({ site, params }, reply) => {
        const revoked = await database.withSite(site.id, (tx) => updateToRevoked(tx, params.id));
        if (!revoked) throw notFound('API key');
        return reply.code(204).send(null);
      },
    );
  };

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
