import { PLATFORM_LOG } from '../audit/platform-log.ts';
import { type AuditSource, recordAudit } from '../audit/record-audit.ts';
import type { Database } from '../db/database.ts';
import { notFound, RequestProblem } from '../http/request-problem.ts';
import type { Queue } from '../queue/queue.ts';
import {
  selectLiveScans,
  selectSiteForRemoval,
  selectWasExported,
  updateDeactivated,
  updateRestored,
} from './site-removal-queries.ts';

export interface RemovalParts {
  readonly database: Database;
  readonly queue: Pick<Queue, 'enqueue'>;
}

export interface RemovalWish {
  readonly siteId: string;
  readonly source: AuditSource;
  /** The name of the site as somebody typed it. */
  readonly name: string;
  readonly keepsData: boolean;
  readonly cancelsScans: boolean;
  readonly withoutExport: boolean;
}

/**
 * Ends the use of a site at once: nobody enters, nothing scans. Its scans are cancelled, and its data
 * deleted unless they are kept, by the job `site.remove`. Both its own log and the platform's keep who did it.
 * @throws RequestProblem when the name is another, scans run, or nobody has exported what would be deleted
 */
export async function deactivateSite(
  { database, queue }: RemovalParts,
  wish: RemovalWish,
): Promise<void> {
  const { siteId, source, keepsData } = wish;
  await database.system.transaction().execute(async (tx) => {
    const site = await selectSiteForRemoval(tx, siteId);
    if (!site) throw notFound('site');
    if (site.state === 'deleting') throw new RequestProblem(409, 'site-deleting', DELETING);
    if (wish.name.trim() !== site.name.trim()) throw wrongName(site.name);
    const [live] = wish.cancelsScans ? [] : await selectLiveScans(tx, siteId, 1);
    if (live) throw new RequestProblem(409, 'scans-run', SCANS_RUN);
    if (!keepsData && !wish.withoutExport && !(await selectWasExported(tx, siteId)))
      throw new RequestProblem(409, 'not-exported', NOT_EXPORTED);
    await updateDeactivated(tx, siteId, { deletes: !keepsData });
    await queue.enqueue(tx, 'site.remove', { siteId });
    const action = keepsData ? 'site.deactivated' : 'site.deleted';
    const subject = { kind: 'site', id: siteId, name: site.name };
    const { cancelsScans, withoutExport } = wish;
    const after = { slug: site.slug, cancelsScans, ...(!keepsData && { withoutExport }) };
    for (const log of [siteId, PLATFORM_LOG])
      await recordAudit(tx, log, source, { action, subject, after });
  });
}

/** Lets a deactivated site be used again. @throws RequestProblem when it is not, or its data are being deleted */
export async function restoreSite(
  { database }: Pick<RemovalParts, 'database'>,
  { siteId, source }: Pick<RemovalWish, 'siteId' | 'source'>,
): Promise<void> {
  await database.system.transaction().execute(async (tx) => {
    const site = await selectSiteForRemoval(tx, siteId);
    if (!site) throw notFound('site');
    if (site.state === 'deleting') throw new RequestProblem(409, 'site-deleting', DELETING);
    if (!(await updateRestored(tx, siteId)))
      throw new RequestProblem(409, 'site-active', 'This site is not deactivated.');
    const subject = { kind: 'site', id: siteId, name: site.name };
    for (const log of [siteId, PLATFORM_LOG])
      await recordAudit(tx, log, source, { action: 'site.restored', subject });
  });
}

const DELETING = 'This site is being deleted. That cannot be taken back.';
const SCANS_RUN =
  'Scans of this site run or wait. Let them end, or say that they are to be cancelled.';
const NOT_EXPORTED =
  'Nobody has exported all of this site within the last day. Export it first (NDJSON, and the audit log), or say that it is to be deleted without.';

function wrongName(name: string): RequestProblem {
  const problem = { path: 'name', message: `is not the name of this site, "${name}"` };
  return new RequestProblem(400, 'wrong-name', 'The site was left as it is.', [problem]);
}
