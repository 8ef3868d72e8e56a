import {
  type ImportView,
  importQuery,
  importView,
  MOST_IMPORT_BYTES,
} from '@netdelta/core/api/imports.ts';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { recordAudit, sourceOf } from '../audit/record-audit.ts';
import type { Database } from '../db/database.ts';
import { notFound, RequestProblem } from '../http/request-problem.ts';
import type { SiteRoutes } from '../http/site-routes.ts';
import { createSlots } from '../http/slots.ts';
import { waitWithoutEnd, whenGone } from '../http/when-gone.ts';
import { selectQuotas } from '../sites/quota-queries.ts';
import { selectGroup } from '../targets/group-queries.ts';
import { type FileOutcome, importFiles } from './import-files.ts';
import { inspectFile } from './inspect-file.ts';
import { type DatedFile, orderFiles } from './order-files.ts';
import { putAside, TooLargeError } from './put-aside.ts';

const byId = z.object({ id: z.uuid() });
const RAW = 'application/octet-stream';
/** Each holds a file of up to 512 MB on the disk, and a connection to the database while it is judged. */
const MOST_AT_ONCE = { inAll: 4 };

/**
 * POST …/groups/:id/import: one file of a past scan becomes history of the group. Its bytes are the
 * body as they are, packed or not; several files are sent oldest first. A client that goes away before
 * the answer ends its import, and nothing of it is kept.
 */
export const importRoutes =
  ({ database }: { database: Database }): SiteRoutes =>
  async (app) => {
    const slots = createSlots('imports', MOST_AT_ONCE);
    // Not read before the group is known to be there.
    app.addContentTypeParser(RAW, (_request, payload, done) => done(null, payload));
    app.post(
      '/groups/:id/import',
      {
        config: { needs: 'scan', slowBody: true },
        schema: {
          params: byId,
          querystring: importQuery,
          consumes: [RAW],
          response: { 200: importView },
        },
      },
      async (request, reply) => {
        const { site, params, query } = request;
        const { group, most } = await database.withSite(site.id, async (tx) => ({
          group: await selectGroup(tx, params.id),
          most: (await selectQuotas(tx, site.id)).importLimit,
        }));
        if (!group) throw notFound('group');
        const free = slots.take(site.id, most);
        try {
          const aside = await receive(request.body);
          try {
            waitWithoutEnd(request);
            const at = query.at === undefined ? null : new Date(query.at);
            const file = await readFile({ name: query.name, path: aside.path }, at);
            return await importInto(database, request, { group, file, signal: whenGone(reply) });
          } finally {
            await aside.discard();
          }
        } finally {
          free();
        }
      },
    );
  };

async function receive(body: unknown) {
  if (!isBytes(body))
    throw new RequestProblem(415, 'unsupported-content-type', `Send the file itself as ${RAW}.`);
  try {
    return await putAside(body, MOST_IMPORT_BYTES);
  } catch (error) {
    if (!(error instanceof TooLargeError)) throw error;
    throw new RequestProblem(
      413,
      'too-large',
      'The file has more than 512 MB. Pack it with gzip or zstd, or use "netdelta import" on the server.',
    );
  }
}

function isBytes(body: unknown): body is AsyncIterable<Uint8Array> {
  return typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
}

async function readFile(
  named: { name: string; path: string },
  at: Date | null,
): Promise<DatedFile> {
  const inspection = await inspectFile(named);
  if (!inspection.ok) throw new RequestProblem(400, 'bad-file', inspection.problem);
  const [file] = orderFiles([inspection.file], at).dated;
  if (file) return file;
  throw new RequestProblem(
    400,
    'no-time',
    `${named.name}: it does not say when its scan was. Say so with "at".`,
  );
}

interface Importing {
  readonly group: { readonly id: string; readonly name: string };
  readonly file: DatedFile;
  readonly signal: AbortSignal;
}

async function importInto(
  database: Database,
  request: FastifyRequest,
  { group, file, signal }: Importing,
): Promise<ImportView> {
  const { site, user } = request;
  const place = { siteId: site.id, groupId: group.id, startedBy: user.id };
  const run = { place, files: [file], signal, onProgress: () => undefined };
  for await (const outcome of importFiles(database, run)) {
    if (outcome.outcome !== 'imported') return presentOther(outcome);
    const { scan } = outcome;
    await database.withSite(site.id, (tx) =>
      recordAudit(tx, site.id, sourceOf(request), {
        action: 'scan.imported',
        subject: { kind: 'scan', id: scan.scanId, name: group.name },
        after: { file: file.name, sha256: file.digest.toString('hex') },
      }),
    );
    return { file: file.name, outcome: 'imported', message: null, scan: { ...scan } };
  }
  throw new Error('a file has no outcome');
}

/** @throws RequestProblem for a file that was not imported and is not known either */
function presentOther({
  outcome,
  file,
  message,
}: Exclude<FileOutcome, { outcome: 'imported' }>): ImportView {
  if (outcome === 'bad') throw new RequestProblem(400, 'bad-file', message);
  if (outcome === 'refused') throw new RequestProblem(409, 'import-refused', message);
  return { file: file.name, outcome, message, scan: null };
}
