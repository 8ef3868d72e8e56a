import { apiError } from '@netdelta/core/api/page.ts';
import {
  nameChange,
  type OwnSession,
  ownSessionList,
  passwordChange,
} from '@netdelta/core/api/people.ts';
import { z } from 'zod';
import { notFound } from '../../http/request-problem.ts';
import type { SiteRoutes } from '../../http/site-routes.ts';
import type { AccountParts } from '../account-parts.ts';
import { changeName } from './change-name.ts';
import { changePassword } from './change-password.ts';
import { endOtherSessions, endSession } from './end-sessions.ts';
import { readOwnAct, scopeOf } from './own-act.ts';
import { selectSessions } from './queries.ts';

/** `account`: what people decide for themselves, the same in all their sites. */
export function ownAccountRoutes(parts: AccountParts): SiteRoutes {
  const { database } = parts;
  return async (app) => {
    const limitLogins = parts.loginLimits(app);
    app.put(
      '/account',
      { config: { needs: 'login' }, schema: { body: nameChange, response: { 200: nameChange } } },
      async (request) => {
        await changeName(parts, await readOwnAct(parts, request), request.body.name);
        return request.body;
      },
    );
    app.put(
      '/account/password',
      {
        config: { needs: 'login' },
        schema: { body: passwordChange, response: { 204: z.null(), 400: apiError, 429: apiError } },
      },
      async (request, reply) => {
        const { person, site, body } = request;
        await limitLogins(request, person.id);
        await changePassword(parts, await readOwnAct(parts, request), { site, ...body });
        return reply.code(204).send(null);
      },
    );
    app.get(
      '/account/sessions',
      {
        config: { needs: 'person' },
        schema: { response: { 200: ownSessionList } },
      },
      async (request) => {
        const act = await readOwnAct(parts, request);
        const rows = await selectSessions(database.system, scopeOf(act));
        return { items: rows.map((row) => presentSession(row, act.session.sessionId)) };
      },
    );
    app.delete(
      '/account/sessions',
      { config: { needs: 'person' }, schema: { response: { 204: z.null() } } },
      async (request, reply) => {
        await endOtherSessions(parts, await readOwnAct(parts, request));
        return reply.code(204).send(null);
      },
    );
    app.delete(
      '/account/sessions/:id',
      {
        config: { needs: 'person' },
        schema: { params: z.object({ id: z.string().max(100) }), response: { 204: z.null() } },
      },
      async (request, reply) => {
        const act = await readOwnAct(parts, request);
        if (!(await endSession(parts, act, request.params.id))) throw notFound('session');
        return reply.code(204).send(null);
      },
    );
  };
}

type Row = Awaited<ReturnType<typeof selectSessions>>[number];

function presentSession(row: Row, current: string): OwnSession {
  return {
    id: row.id,
    userAgent: row.userAgent ?? '',
    address: row.ipAddress ?? '',
    openedBy: row.opened_by,
    createdAt: row.createdAt.toISOString(),
    lastUsedAt: row.last_used_at.toISOString(),
    current: row.id === current,
  };
}
