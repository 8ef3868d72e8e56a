import { createHash } from 'node:crypto';
import { siteView } from '@netdelta/core/api/site.ts';
import {
  IMAGE_TYPES,
  type ImageType,
  MOST_LOGO_BYTES,
  readImageType,
} from '@netdelta/core/site/image-type.ts';
import { z } from 'zod';
import { recordAudit, sourceOf } from '../audit/record-audit.ts';
import type { Database } from '../db/database.ts';
import { notFound, RequestProblem } from '../http/request-problem.ts';
import type { SiteRoutes } from '../http/site-routes.ts';
import { deleteLogo, selectLogo, selectSiteFacts, upsertLogo } from './settings-queries.ts';

/** `site/logo`: a picture of the site, which its members see. */
export const logoRoutes =
  ({ database }: { database: Database }): SiteRoutes =>
  async (app) => {
    const parser = { parseAs: 'buffer', bodyLimit: MOST_LOGO_BYTES } as const;
    app.addContentTypeParser([...IMAGE_TYPES], parser, (_request, body, done) => done(null, body));
    app.get('/site/logo', { config: { needs: 'read' } }, async ({ site }, reply) => {
      const logo = await database.withSite(site.id, (tx) => selectLogo(tx, site.id));
      if (!logo) throw notFound('logo');
      return reply
        .headers({
          'content-type': logo.type,
          etag: `"${logo.digest}"`,
          'cache-control': 'private, max-age=86400',
          'x-content-type-options': 'nosniff',
          // Opened by itself it is a picture, and nothing else.
          'content-security-policy': "default-src 'none'; sandbox",
        })
        .send(logo.image);
    });
    app.put(
      '/site/logo',
      {
        config: { needs: 'configure' },
        schema: { consumes: [...IMAGE_TYPES], response: { 200: siteView } },
      },
      (request) => {
        const { site } = request;
        const logo = readLogo(request.body);
        return database.withSite(site.id, async (tx) => {
          await upsertLogo(tx, site.id, logo);
          const { type, digest, image } = logo;
          const change = {
            action: 'logo.edited',
            subject: { kind: 'site', id: site.id, name: site.name },
            after: { type, sha256: digest, bytes: image.length },
          } as const;
          await recordAudit(tx, site.id, sourceOf(request), change);
          return selectSiteFacts(tx, site.id);
        });
      },
    );
    app.delete(
      '/site/logo',
      { config: { needs: 'configure' }, schema: { response: { 204: z.null() } } },
      async (request, reply) => {
        const { site } = request;
        await database.withSite(site.id, async (tx) => {
          if (!(await deleteLogo(tx, site.id))) throw notFound('logo');
          const subject = { kind: 'site', id: site.id, name: site.name };
          const change = { action: 'logo.removed', subject } as const;
          await recordAudit(tx, site.id, sourceOf(request), change);
        });
        return reply.code(204).send(null);
      },
    );
  };

/** @throws RequestProblem for what is no picture of a kind that is taken */
function readLogo(body: unknown): { type: ImageType; image: Buffer; digest: string } {
  const type = Buffer.isBuffer(body) ? readImageType(body) : null;
  if (!Buffer.isBuffer(body) || type === null)
    throw new RequestProblem(400, 'bad-logo', NO_PICTURE);
  return { type, image: body, digest: createHash('sha256').update(body).digest('hex') };
}

const NO_PICTURE =
  'This is no picture of a kind that is taken. Send a PNG, JPEG or WebP of at most 256 kB as it is, as image/png, image/jpeg or image/webp.';
