import { createHmac, timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { basePathOf } from '../http/server.ts';
import { SESSION_SECONDS, type SessionCookie } from './better-auth.ts';

/**
 * Where a session's cookie applies. Each site has its own path, so that sites of one server can be
 * given to different deployments; the front door has one too, by which it knows whom it greets.
 */
export interface SessionCookies {
  readonly read: (request: FastifyRequest) => SessionCookie | null;
  readonly set: (reply: FastifyReply, slug: string, cookie: SessionCookie) => void;
  /** The site alone: it opens nothing else. */
  readonly setInSite: (reply: FastifyReply, slug: string, lasting: LastingCookie) => void;
  readonly clear: (reply: FastifyReply, slug: string) => void;
  /** The front door alone. */
  readonly setAtDoor: (reply: FastifyReply, cookie: SessionCookie) => void;
  readonly clearAtDoor: (reply: FastifyReply) => void;
}

/** `signingKeys`: the one of now, by which better-auth knows a cookie, and the earlier ones. */
interface LastingCookie {
  readonly cookie: SessionCookie;
  readonly seconds: number;
}

/** Whether a cookie has to be kept from http: as people reach the server, or as this request did. */
export function isReachedByHttps(
  { protocol }: Pick<FastifyRequest, 'protocol'>,
  publicUrl: URL | null,
): boolean {
  return (publicUrl?.protocol ?? `${protocol}:`) === 'https:';
}

export function createSessionCookies(
  name: string,
  publicUrl: URL | null,
  signingKeys: readonly string[],
): SessionCookies {
  const basePath = basePathOf(publicUrl);
  const attributes = {
    httpOnly: true,
    sameSite: 'lax' as const,
  };
  const isSecure = ({ request }: FastifyReply) => isReachedByHttps(request, publicUrl);
  const door = `${basePath}api/v1/`;
  const pathsOf = (slug: string) => [`${basePath}${slug}/`, door];
  const setAll = (
    reply: FastifyReply,
    paths: readonly string[],
    { cookie: { value }, seconds: maxAge }: LastingCookie,
  ) => {
    for (const path of paths)
      reply.setCookie(name, value, { ...attributes, path, secure: isSecure(reply), maxAge });
  };
  const clearAll = (reply: FastifyReply, paths: readonly string[]) => {
    for (const path of paths)
      reply.clearCookie(name, { ...attributes, path, secure: isSecure(reply) });
  };
  return {
    read: ({ cookies }) => {
      const value = cookies[name];
      return value === undefined ? null : { name, value: signAnew(value, signingKeys) };
    },
    set: (reply, slug, cookie) =>
      setAll(reply, pathsOf(slug), { cookie, seconds: SESSION_SECONDS }),
    setInSite: (reply, slug, lasting) => setAll(reply, [`${basePath}${slug}/`], lasting),
    clear: (reply, slug) => clearAll(reply, pathsOf(slug)),
    setAtDoor: (reply, cookie) => setAll(reply, [door], { cookie, seconds: SESSION_SECONDS }),
    clearAtDoor: (reply) => clearAll(reply, [door]),
  };
}

/**
 * What an earlier key has signed becomes as if the key of now had: so sessions outlive an exchange of
 * keys, as long as the earlier one is given. `<token>.<HMAC-SHA-256 in base64>` is better-auth's form.
 */
function signAnew(value: string, [current = '', ...earlier]: readonly string[]): string {
  const at = value.lastIndexOf('.');
  const [token, signature] = [value.slice(0, at), Buffer.from(value.slice(at + 1))];
  const isBy = (key: string) => {
    const expected = Buffer.from(sign(token, key));
    return expected.length === signature.length && timingSafeEqual(expected, signature);
  };
  return at > 0 && earlier.some(isBy) ? `${token}.${sign(token, current)}` : value;
}

function sign(token: string, key: string): string {
  return createHmac('sha256', key).update(token).digest('base64');
}
