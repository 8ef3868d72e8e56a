import { apiError, pageOf, pageQuery } from '@netdelta/core/api/page.ts';
import { type MemberView, memberChange, memberView } from '@netdelta/core/api/people.ts';
import { z } from 'zod';
import { recordAudit, sourceOf } from '../../audit/record-audit.ts';
import type { Database } from '../../db/database.ts';
import type { SiteRoutes } from '../../http/site-routes.ts';
import { changeRole, removeMember } from './change-members.ts';
import { type MemberRow, selectMembers } from './queries.ts';

const byId = z.object({ id: z.string().min(1).max(100) });
const refusals = { 403: apiError, 404: apiError, 409: apiError };

/** `members`: who may enter the site, and in which role. */
export const memberRoutes =
  ({ database }: { database: Database }): SiteRoutes =>
  async (app) => {
    app.get(
      '/members',
      {
        config: { needs: 'read' },
        schema: { querystring: pageQuery, response: { 200: pageOf(memberView) } },
      },
      async ({ site, query: { after, limit } }) => {
        const page = { after, limit: limit + 1 };
        const rows = await database.withSite(site.id, (tx) => selectMembers(tx, page));
        const items = rows.slice(0, limit).map(presentMember);
        return { items, next: rows.length > limit ? (items.at(-1)?.email ?? null) : null };
      },
    );
    app.put(
      '/members/:id',
      {
        config: { needs: 'members' },
        schema: { params: byId, body: memberChange, response: { 200: memberView, ...refusals } },
      },
      (request) => {
        const { site, person, params, body } = request;
        const change = { site, person, userId: params.id };
        return database.withSite(site.id, async (tx) => {
          const { before, member } = await changeRole(tx, change, body.role);
          const sides = { before: { role: before }, after: { role: member.role } };
          const edit = { action: 'member.edited', subject: subjectOf(member), ...sides } as const;
          await recordAudit(tx, site.id, sourceOf(request), edit);
          return presentMember(member);
        });
      },
    );
    app.delete(
      '/members/:id',
      {
        config: { needs: 'members' },
        schema: { params: byId, response: { 204: z.null(), ...refusals } },
      },
      async (request, reply) => {
        const { site, person, params } = request;
        const change = { site, person, userId: params.id };
        await database.withSite(site.id, async (tx) => {
          const member = await removeMember(tx, change);
          const before = { role: member.role };
          const removal = { action: 'member.removed', subject: subjectOf(member), before } as const;
          await recordAudit(tx, site.id, sourceOf(request), removal);
        });
        return reply.code(204).send(null);
      },
    );
  };

function subjectOf({ id, name, email }: MemberRow) {
  return { kind: 'member', id, name: `${name} <${email}>` };
}

function presentMember({ id, name, email, role, created_at }: MemberRow): MemberView {
  return { id, name, email, role, since: created_at.toISOString() };
}
