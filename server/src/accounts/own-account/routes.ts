import { apiError } from '@netdelta/core/api/page.ts';
import {
  nameChange,
  type OwnSession,
  ownSessionList,
  passwordChange,
} from '@netdelta/core/api/people.ts';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { notFound } from '../../http/request-problem.ts';
import type { SiteRoutes } from '../../http/site-routes.ts';
import type { AccountParts } from '../account-parts.ts';
import { changePassword } from './change-password.ts';
import { deleteSession, deleteSessions, selectSessions, updateName } from './queries.ts';

/** `account`: what people decide for themselves, the same in all their sites. */
export function ownAccountRoutes(parts: AccountParts): SiteRoutes {
  const { database, auth, cookies } = parts;
  const sessionIdOf = async (request: FastifyRequest): Promise<string> => {
    const cookie = cookies.read(request);
    const session = cookie && (await auth.findSession(cookie));
    return session?.sessionId ?? '';
  };
  return async (app) => {
    const limitLogins = parts.loginLimits(app);
    app.put(
      '/account',
      { config: { needs: 'login' }, schema: { body: nameChange, response: { 200: nameChange } } },
      async ({ person, body }) => {
        await updateName(database.system, person.id, body.name);
        return body;
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
        await limitLogins(request, person.email);
        const kept = await sessionIdOf(request);
        await changePassword(parts, { person, site, ...body, keptSession: kept });
        return reply.code(204).send(null);
      },
    );
    app.get(
      '/account/sessions',
      {
        config: { needs: 'login' },
        schema: { response: { 200: ownSessionList } },
      },
      async (request) => {
        const current = await sessionIdOf(request);
        const rows = await selectSessions(database.system, request.person.id);
        return { items: rows.map((row) => presentSession(row, current)) };
      },
    );
    app.delete(
      '/account/sessions',
      { config: { needs: 'login' }, schema: { response: { 204: z.null() } } },
      async (request, reply) => {
        await deleteSessions(database.system, request.person.id, await sessionIdOf(request));
        return reply.code(204).send(null);
      },
    );
    app.delete(
      '/account/sessions/:id',
      {
        config: { needs: 'login' },
        schema: { params: z.object({ id: z.string().max(100) }), response: { 204: z.null() } },
      },
      async ({ person, params }, reply) => {
        if (!(await deleteSession(database.system, person.id, params.id)))
          throw notFound('session');
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
    createdAt: row.createdAt.toISOString(),
    lastUsedAt: row.last_used_at.toISOString(),
    current: row.id === current,
  };
}
