import type { FastifyReply, FastifyRequest } from 'fastify';
import { basePathOf } from '../http/server.ts';
import { SESSION_SECONDS, type SessionCookie } from './auth.ts';

/**
 * Where a session's cookie applies. Each site has its own path, so that sites of one server can be
 * given to different deployments; the front door has one too, by which it knows whom it greets.
 */
export interface SessionCookies {
  readonly read: (request: FastifyRequest) => SessionCookie | null;
  readonly set: (reply: FastifyReply, slug: string, cookie: SessionCookie) => void;
  readonly clear: (reply: FastifyReply, slug: string) => void;
}

export function createSessionCookies(name: string, publicUrl: URL | null): SessionCookies {
  const basePath = basePathOf(publicUrl);
  const attributes = {
    httpOnly: true,
    sameSite: 'lax' as const,
    secure: publicUrl?.protocol === 'https:',
  };
  const pathsOf = (slug: string) => [`${basePath}${slug}/`, `${basePath}api/v1/sites`];
  return {
    read: ({ cookies }) => {
      const value = cookies[name];
      return value === undefined ? null : { name, value };
    },
    set: (reply, slug, { value }) => {
      for (const path of pathsOf(slug))
        reply.setCookie(name, value, { ...attributes, path, maxAge: SESSION_SECONDS });
    },
    clear: (reply, slug) => {
      for (const path of pathsOf(slug)) reply.clearCookie(name, { ...attributes, path });
    },
  };
}
