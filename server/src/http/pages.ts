import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { notFound } from './request-problem.ts';
import type { Doorkeeper } from './site-routes.ts';

export interface PagesParts {
  /** The built pages (web/dist), an absolute path. */
  readonly folder: string;
  /** The path of the public URL, with a slash at its end: `/` or `/netdelta/`. */
  readonly basePath: string;
  readonly doorkeeper: Doorkeeper;
}

/** A year: Vite names every asset after its content. */
const IMMUTABLE = { maxAge: 31_536_000_000, immutable: true };

/**
 * Serves the pages: `/`, `/setup` and everything below `/<site>/` are the one index.html, which
 * reads from its `<base href>` where it is. A proxy may keep the public URL's path or take it away.
 */
export async function registerPages(app: FastifyInstance, parts: PagesParts): Promise<void> {
  const { folder, basePath, doorkeeper } = parts;
  await app.register(fastifyStatic, { root: folder, serve: false, suppressWarning: true });
  const hidden = { schema: { hide: true } };
  const asset = async (request: FastifyRequest, reply: FastifyReply) =>
    reply.sendFile(join('assets', starOf(request)), IMMUTABLE);
  const icon = async (_request: FastifyRequest, reply: FastifyReply) =>
    reply.sendFile('favicon.svg');
  const door = async (_request: FastifyRequest, reply: FastifyReply) =>
    sendIndex(reply, folder, basePath);
  for (const prefix of ['', '/:site']) {
    app.get(`${prefix}/assets/*`, hidden, asset);
    app.get(`${prefix}/favicon.svg`, hidden, icon);
  }
  app.get('/', hidden, door);
  app.get('/setup', hidden, door);
  app.get('/:site', hidden, async (request, reply) => {
    if (!(await doorkeeper.findSite(slugOf(request)))) return sendNoSite(reply, basePath);
    return reply.redirect(`${basePath}${slugOf(request)}/`);
  });
  app.get('/:site/*', hidden, async (request, reply) => {
    if (starOf(request).startsWith('api/') || slugOf(request) === 'api') throw notFound('address');
    if (!(await doorkeeper.findSite(slugOf(request)))) return sendNoSite(reply, basePath);
    return sendIndex(reply, folder, `${basePath}${slugOf(request)}/`);
  });
}

function starOf({ params }: FastifyRequest): string {
  return (params as { '*': string })['*'];
}

function slugOf({ params }: FastifyRequest): string {
  return (params as { site: string }).site;
}

async function sendIndex(reply: FastifyReply, folder: string, base: string) {
  const file = join(folder, 'index.html');
  const built = await stat(file).catch(() => null);
  if (!built) return sendPlainPage(reply, 503, 'The pages are not built', NOT_BUILT);
  const page = insertBase(await readFile(file, 'utf8'), base);
  return reply.header('cache-control', 'no-cache').type('text/html; charset=utf-8').send(page);
}

const NOT_BUILT =
  'The server runs, but the folder web/dist is missing. Run <code>npm run build -w web</code>, then reload this page.';

/** Names the base of all relative addresses in a page; it must stand before the first of them. */
function insertBase(page: string, base: string): string {
  return page.replace(/<head[^>]*>/i, (head) => `${head}<base href="${base}">`);
}

function sendNoSite(reply: FastifyReply, basePath: string) {
  const hint = `Check the address, or go to the <a href="${basePath}">front door</a>.`;
  return sendPlainPage(reply, 404, 'There is no such site here', hint);
}

function sendPlainPage(reply: FastifyReply, status: number, title: string, body: string) {
  const page = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>${title}</title></head><body style="font-family:system-ui,sans-serif;max-width:40rem;margin:4rem auto;padding:0 1rem"><h1>${title}</h1><p>${body}</p></body></html>`;
  return reply.code(status).type('text/html; charset=utf-8').send(page);
}
