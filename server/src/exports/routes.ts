import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { type ExportFormat, exportQuery } from '@netdelta/core/api/export.ts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { recordAudit, sourceOf } from '../audit/record-audit.ts';
import type { Database, SiteTransaction } from '../db/database.ts';
import { openSiteSnapshot, type SiteSnapshot } from '../db/site-snapshot.ts';
import { notFound } from '../http/request-problem.ts';
import type { SiteRoutes } from '../http/site-routes.ts';
import { createSlots } from '../http/slots.ts';
import { selectGroup } from '../targets/group-queries.ts';
import { type ExportWish, nameExport, writeExport } from './write-export.ts';

const TYPES: Readonly<Record<ExportFormat, string>> = {
  ndjson: 'application/x-ndjson; charset=utf-8',
  csv: 'text/csv; charset=utf-8; header=present',
  xml: 'application/xml; charset=utf-8',
};
/** Each holds a connection to the database for as long as its reader takes. */
const MOST_AT_ONCE = { ofSite: 2, inAll: 4 };
/** A reader that takes nothing for so long is gone. */
const MOST_STILL_MS = 120_000;

/** GET …/export: everything of the site or of one group as one file, while it is read. */
export const exportRoutes =
  ({ database, version }: { database: Database; version: string }): SiteRoutes =>
  async (app) => {
    const slots = createSlots('exports', MOST_AT_ONCE);
    app.get(
      '/export',
      // Who asks for the heading alone shall not set all of it going.
      {
        config: { needs: 'read' },
        schema: { querystring: exportQuery },
        exposeHeadRoute: false,
      },
      async (request, reply) => {
        const { site, query } = request;
        const free = slots.take(site.id);
        try {
          const group = await database.withSite(site.id, (tx) =>
            noteExport(tx, request, query.groupId),
          );
          const { format, what, details, gzip, ...filter } = query;
          const { timeZone } = site;
          const wish = { site, group, timeZone, format, what, details, filter, version };
          const snapshot = await openSiteSnapshot(database, site.id);
          return sendExport(reply, snapshot, { wish, gzip, free });
        } catch (error) {
          free();
          throw error;
        }
      },
    );
  };

/** Writes down who takes the facts along; answers the group, if only one is wished. */
async function noteExport(
  tx: SiteTransaction,
  request: FastifyRequest,
  groupId: string | undefined,
): Promise<ExportWish['group']> {
  const { site } = request;
  const group = groupId === undefined ? null : await selectGroup(tx, groupId);
  if (group === undefined) throw notFound('group');
  const subject = group
    ? { kind: 'group', id: group.id, name: group.name }
    : { kind: 'site', id: site.id, name: site.name };
  const after = { ...(request.query as object) };
  await recordAudit(tx, site.id, sourceOf(request), { action: 'facts.exported', subject, after });
  return group && { id: group.id, name: group.name };
}

interface Sending {
  readonly wish: ExportWish;
  readonly gzip: boolean;
  /** Called when it has ended, in whatever way. */
  readonly free: () => void;
}

function sendExport(
  reply: FastifyReply,
  snapshot: SiteSnapshot,
  { wish, gzip, free }: Sending,
): FastifyReply {
  const stop = () => void snapshot.close();
  const pieces = Readable.from(endWhenStill(writeExport(snapshot, wish), stop));
  const stream = gzip ? pieces.compose(createGzip()) : pieces;
  reply.server.openStreams.set(stop, null);
  // Also in the middle of a query that has nothing to say for long.
  reply.raw.once('close', stop);
  stream.once('close', () => {
    reply.server.openStreams.delete(stop);
    stop();
    free();
  });
  const name = `${nameExport(wish, snapshot.at)}${gzip ? '.gz' : ''}`;
  return reply
    .headers({
      'content-type': gzip ? 'application/gzip' : TYPES[wish.format],
      'content-disposition': `attachment; filename="${name}"`,
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    })
    .send(stream);
}

async function* endWhenStill(
  pieces: AsyncIterable<Buffer>,
  stop: () => void,
): AsyncGenerator<Buffer> {
  for await (const piece of pieces) {
    const timer = setTimeout(stop, MOST_STILL_MS);
    try {
      yield piece;
    } finally {
      clearTimeout(timer);
    }
  }
}
