import type { FastifyRequest } from 'fastify';
import { readBearer } from './bearer.ts';
import { RequestProblem } from './request-problem.ts';

const READING = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses (403) what another site's page could send with a person's cookie: a request that changes
 * something must be JSON, which browsers send across origins only after asking, or come from here,
 * or carry an API key, which no browser adds by itself.
 */
export function refuseForeignOrigin(request: FastifyRequest, publicOrigin: string | null): void {
  if (READING.has(request.method) || isJson(request) || isOwn(request, publicOrigin)) return;
  if (readBearer(request) !== null) return;
  throw new RequestProblem(
    403,
    'foreign-origin',
    'A request that changes something needs the content type application/json, or must come from a page of this server.',
  );
}

function isJson({ headers }: FastifyRequest): boolean {
  return /^application\/json\s*(;|$)/i.test(headers['content-type'] ?? '');
}

function isOwn({ headers, protocol, host }: FastifyRequest, publicOrigin: string | null): boolean {
  // Browsers alone write this header; it holds where a proxy has changed the host.
  if (headers['sec-fetch-site'] === 'same-origin') return true;
  const { origin } = headers;
  return origin !== undefined && [publicOrigin, `${protocol}://${host}`].includes(origin);
}
