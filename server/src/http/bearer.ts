import type { FastifyRequest } from 'fastify';

/**
 * What an `Authorization: Bearer` header (RFC 6750) holds; null for none. A request with one is judged
 * by it alone, never by its cookies: no page of another site can send one without asking first.
 */
export function readBearer({ headers }: Pick<FastifyRequest, 'headers'>): string | null {
  return /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1] ?? null;
}
