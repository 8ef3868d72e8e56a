import type { FastifyReply, FastifyRequest } from 'fastify';
import { basePathOf } from '../../http/server.ts';
import { createToken, hashToken } from '../one-time-link.ts';
import { CHALLENGE_SECONDS } from './queries.ts';

const NAME = 'netdelta.passkey';

/**
 * Ties a challenge to the browser that asked for it: only who has its cookie can answer. `slug`: the
 * site; null: the front door.
 */
export interface ChallengeCookies {
  /** Answers with the hash under which the challenge is to be stored. */
  readonly give: (reply: FastifyReply, slug: string | null) => Buffer;
  /** The hash; null for a browser without one. The cookie ends. */
  readonly take: (
    request: FastifyRequest,
    reply: FastifyReply,
    slug: string | null,
  ) => Buffer | null;
}

export function createChallengeCookies(publicUrl: URL | null): ChallengeCookies {
  const optionsFor = (slug: string | null) => ({
    path: `${basePathOf(publicUrl)}${slug === null ? '' : `${slug}/`}api/v1/`,
    httpOnly: true,
    sameSite: 'strict' as const,
    secure: publicUrl?.protocol === 'https:',
  });
  return {
    give: (reply, slug) => {
      const { token, tokenHash } = createToken();
      reply.setCookie(NAME, token, { ...optionsFor(slug), maxAge: CHALLENGE_SECONDS });
      return tokenHash;
    },
    take: ({ cookies }, reply, slug) => {
      const token = cookies[NAME];
      if (token === undefined) return null;
      reply.clearCookie(NAME, optionsFor(slug));
      return hashToken(token);
    },
  };
}
