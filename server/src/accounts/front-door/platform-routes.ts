import {
  platformQuery,
  platformSite,
  siteAddress,
  siteRequest,
} from '@netdelta/core/api/accounts.ts';
import { apiError, pageOf } from '@netdelta/core/api/page.ts';
import type { DoorRoutes } from '../../http/door-routes.ts';
import { RequestProblem } from '../../http/request-problem.ts';
import type { AccountParts } from '../account-parts.ts';
import { makeSite } from '../make-site.ts';
import { selectAllSites } from './queries.ts';

/** `platform/sites`: the list of all sites, and making one. It says nothing of what is inside them. */
export const platformRoutes =
  ({ database, cookies }: AccountParts): DoorRoutes =>
  async (app) => {
    app.get(
      '/platform/sites',
      {
        config: { needs: 'platform' },
        schema: { querystring: platformQuery, response: { 200: pageOf(platformSite) } },
      },
      async ({ query: { after, limit, text } }) => {
        const rows = await selectAllSites(database.system, { after, text, limit: limit + 1 });
        const items = rows
          .slice(0, limit)
          .map(({ slug, name, state, rows_deleted, created_at, members }) => ({
            ...{ slug, name, state, rowsDeleted: Number(rows_deleted) },
            createdAt: created_at.toISOString(),
            memberCount: members ?? 0,
          }));
        return { items, next: rows.length > limit ? (items.at(-1)?.slug ?? null) : null };
      },
    );
    app.post(
      '/platform/sites',
      {
        config: { needs: 'platform' },
        schema: { body: siteRequest, response: { 201: siteAddress, 400: apiError, 409: apiError } },
      },
      async (request, reply) => {
        const { slug } = request.body;
        const outcome = await makeSite(database, request.body, request.visitor.id);
        if (outcome !== 'done')
          throw new RequestProblem(409, 'invalid', 'The site was not made.', outcome.problems);
        const cookie = cookies.read(request);
        if (cookie) cookies.set(reply, slug, cookie);
        return reply.code(201).send({ slug });
      },
    );
  };
