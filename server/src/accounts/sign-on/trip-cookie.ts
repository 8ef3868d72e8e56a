import type { FastifyReply, FastifyRequest } from 'fastify';
import { basePathOf } from '../../http/server.ts';
import { createToken, hashToken } from '../one-time-link.ts';
import { isReachedByHttps } from '../session-cookie.ts';
import { TRIP_MINUTES } from './queries.ts';

/** By what the browser that left for a provider is known again, in one site alone. */
export interface TripCookies {
  /** The hash of what this browser holds; it is given something where it holds nothing. */
  readonly mark: (request: FastifyRequest, reply: FastifyReply) => Buffer;
  readonly read: (request: FastifyRequest) => Buffer | null;
}

const NAME = 'netdelta.sign_on';
const TOKEN = /^[\w-]{43}$/;

export function createTripCookies(publicUrl: URL | null): TripCookies {
  const read = ({ cookies }: FastifyRequest): string | null => {
    const held = cookies[NAME];
    return held !== undefined && TOKEN.test(held) ? held : null;
  };
  return {
    mark: (request, reply) => {
      // Two windows of one browser can be on their way at once.
      const token = read(request) ?? createToken().token;
      reply.setCookie(NAME, token, {
        path: `${basePathOf(publicUrl)}${request.site.slug}/api/v1/sign-on/`,
        httpOnly: true,
        sameSite: 'lax',
        secure: isReachedByHttps(request, publicUrl),
        maxAge: TRIP_MINUTES * 60,
      });
      return hashToken(token);
    },
    read: (request) => {
      const token = read(request);
      return token === null ? null : hashToken(token);
    },
  };
}
