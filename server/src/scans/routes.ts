import { pageOf } from '@netdelta/core/api/page.ts';
import {
  type ScanView,
  scanDetail,
  scanQuery,
  scanRequest,
  scanView,
} from '@netdelta/core/api/scans.ts';
import { z } from 'zod';
import { recordAudit, sourceOf } from '../audit/record-audit.ts';
import type { Database, SiteTransaction } from '../db/database.ts';
import { notFound, RequestProblem } from '../http/request-problem.ts';
import type { SiteRoutes } from '../http/site-routes.ts';
import { streamEvents } from '../http/sse.ts';
import { followScan } from './follow-scan.ts';
import { presentScan, presentSettings } from './present-scan.ts';
import { recordRefusedScan } from './record-refused-scan.ts';
import { cancelScan, requestScan, type ScanParts } from './scan-lifecycle.ts';
import { selectMissedCount, selectScan, selectScanViews } from './scan-queries.ts';
import { selectCommands, selectConfirmationCost, selectUncovered } from './shard-totals-queries.ts';

const byId = z.object({ id: z.uuid() });
const UNCOVERED_SHOWN = 100;

/** Scans: the list, one with all that is known of it, start, cancel, follow. */
export const scanRoutes =
  (parts: ScanParts & { database: Database }): SiteRoutes =>
  async (app) => {
    const { database } = parts;

    app.get(
      '/scans',
      {
        config: { needs: 'read' },
        schema: { querystring: scanQuery, response: { 200: pageOf(scanView) } },
      },
      async ({ site, query }) => {
        const rows = await database.withSite(site.id, (tx) =>
          selectScanViews(tx, { ...query, limit: query.limit + 1, ...keysetOf(query.after) }),
        );
        const items = rows.slice(0, query.limit).map((row) => presentScan(row, Date.now()));
        const last = items.at(-1);
        const next = rows.length > query.limit && last ? `${last.createdAt}_${last.id}` : null;
        return { items, next };
      },
    );

    app.post(
      '/scans',
      { config: { needs: 'scan' }, schema: { body: scanRequest, response: { 201: scanView } } },
      async (request, reply) => {
        const { site, user, body } = request;
        const begun = await database.withSite(site.id, async (tx) => {
          const wish = { siteId: site.id, trigger: 'person', startedBy: user.id } as const;
          const outcome = await requestScan(tx, parts, {
            ...wish,
            groupId: body.groupId,
            scheduleId: null,
            whenRunning: 'wait',
          });
          if (outcome.outcome !== 'refused') {
            const scan = await viewScan(tx, outcome.scanId);
            const change = { action: 'scan.started', subject: subjectOf(scan) } as const;
            await recordAudit(tx, site.id, sourceOf(request), change);
            return scan;
          }
          if (outcome.code === 'no-group') throw notFound('group');
          // Not thrown here: that it was refused is to stay written down.
          const refused = { groupId: body.groupId, outcome, source: sourceOf(request) };
          await recordRefusedScan(tx, site.id, refused);
          return outcome;
        });
        if ('outcome' in begun) throw new RequestProblem(409, begun.code, begun.reason);
        return reply.code(201).send(begun);
      },
    );

    app.get(
      '/scans/:id',
      { config: { needs: 'read' }, schema: { params: byId, response: { 200: scanDetail } } },
      ({ site, params }) => database.withSite(site.id, (tx) => viewDetail(tx, params.id)),
    );

    app.post(
      '/scans/:id/cancel',
      { config: { needs: 'scan' }, schema: { params: byId, response: { 200: scanView } } },
      (request) => {
        const { site, params } = request;
        return database.withSite(site.id, async (tx) => {
          await viewScan(tx, params.id);
          if (!(await cancelScan(tx, parts, params.id)))
            throw new RequestProblem(409, 'scan-over', 'This scan is over already.');
          const scan = await viewScan(tx, params.id);
          const change = { action: 'scan.cancelled', subject: subjectOf(scan) } as const;
          await recordAudit(tx, site.id, sourceOf(request), change);
          return scan;
        });
      },
    );

    app.get(
      '/scans/:id/events',
      { config: { needs: 'read' }, schema: { params: byId } },
      async ({ site, params, log }, reply) => {
        const view = () => database.withSite(site.id, (tx) => viewScan(tx, params.id));
        await view();
        return streamEvents(reply, (send, end) =>
          followScan({ live: parts.live, scanId: params.id, view, send, end, log }),
        );
      },
    );
  };

function subjectOf({ id, groupName }: ScanView) {
  return { kind: 'scan', id, name: groupName };
}

async function viewScan(tx: SiteTransaction, id: string): Promise<ScanView> {
  const [row] = await selectScanViews(tx, { id });
  if (!row) throw notFound('scan');
  return presentScan(row, Date.now());
}

async function viewDetail(tx: SiteTransaction, id: string) {
  const [row] = await selectScanViews(tx, { id });
  if (!row) throw notFound('scan');
  const previous = row.previous_scan_id ? await selectScan(tx, row.previous_scan_id) : undefined;
  const uncovered = await selectUncovered(tx, id, UNCOVERED_SHOWN);
  return {
    scan: presentScan(row, Date.now()),
    settings: presentSettings(row, await selectCommands(tx, id)),
    previous: previous ? presentSettings(previous, await selectCommands(tx, previous.id)) : null,
    uncovered: uncovered.hosts,
    uncoveredCount: row.details_expired_at ? row.uncovered_count : uncovered.count,
    confirmation: (await selectConfirmationCost(tx, id)) ?? null,
    detailsExpiredAt: row.details_expired_at?.toISOString() ?? null,
    historyExpiredAt: row.history_expired_at?.toISOString() ?? null,
    blind: row.blind,
    missedCount: await selectMissedCount(tx, row.group_id),
  };
}

/** A page's `after` is the time and the id of the last scan of the page before. */
function keysetOf(after: string | undefined) {
  const [at, id] = after?.split('_') ?? [];
  if (!after) return {};
  if (!at || Number.isNaN(Date.parse(at)) || !z.uuid().safeParse(id).success)
    throw new RequestProblem(400, 'bad-request', 'after is not one that an earlier page gave.');
  return { before: { at, id: id as string } };
}
