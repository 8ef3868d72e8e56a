import {
  type HostView,
  hostDetail,
  hostQuery,
  hostRules,
  hostView,
  overview,
} from '@netdelta/core/api/hosts.ts';
import { pageOf } from '@netdelta/core/api/page.ts';
import { deltaQuery, deltaView } from '@netdelta/core/api/scans.ts';
import { type HostStatus, hostStatusCode } from '@netdelta/core/host/status.ts';
import { z } from 'zod';
import { recordAudit, sourceOf } from '../audit/record-audit.ts';
import type { Database, SiteTransaction } from '../db/database.ts';
import { readDownAfter } from '../db/down-after.ts';
import { canonicalAddress } from '../formats/address.ts';
import { notFound, RequestProblem } from '../http/request-problem.ts';
import type { RequestSite, SiteRoutes } from '../http/site-routes.ts';
import { presentScan } from '../scans/present-scan.ts';
import { selectScanViews } from '../scans/scan-queries.ts';
import { listScopeEndings } from '../sites/scope-endings.ts';
import { presentStatusCounts } from '../targets/present-status-counts.ts';
import { selectDeltas } from './delta-queries.ts';
import { findHosts } from './find-hosts-queries.ts';
import {
  selectFigures,
  selectHosts,
  selectNextRuns,
  selectServicesOfHost,
  selectStatuses,
  updateHostRules,
} from './host-queries.ts';
import { selectLastLooks } from './last-look-queries.ts';
import { presentDelta } from './present-delta.ts';
import { presentHost, presentRefutation, presentService } from './present-host.ts';
import { presentStatuses } from './present-statuses.ts';
import { selectAvoidedThisWeek, selectRefutations } from './refutation-queries.ts';
import { serviceRoutes } from './service-routes.ts';

const DELTAS_OF_HOST = 50;
const RECENT_SHOWN = 10;
const DELTA_ID = /^\d{1,18}$/;
const byDeltaId = z.object({ id: z.string().regex(DELTA_ID, 'is not the id of a delta') });

/** What is believed and what changed: deltas, hosts, services, the overview. */
export const deltaRoutes =
  (parts: { database: Database }): SiteRoutes =>
  async (app, options) => {
    await changeRoutes(parts)(app, options);
    await hostRoutes(parts)(app, options);
    await serviceRoutes(parts)(app, options);
  };

const changeRoutes =
  ({ database }: { database: Database }): SiteRoutes =>
  async (app) => {
    app.get(
      '/deltas',
      {
        config: { needs: 'read' },
        schema: { querystring: deltaQuery, response: { 200: pageOf(deltaView) } },
      },
      async ({ site, query: { after, address, ...query } }) => {
        const rows = await database.withSite(site.id, (tx) =>
          selectDeltas(tx, {
            ...query,
            limit: query.limit + 1,
            ...(after !== undefined && { beyond: readId(after) }),
            ...(address !== undefined && { address: readAddress(address) }),
          }),
        );
        const items = rows.slice(0, query.limit).map((row) => presentDelta(row, site.timeZone));
        return { items, next: rows.length > query.limit ? (items.at(-1)?.id ?? null) : null };
      },
    );

    app.get(
      '/deltas/:id',
      { config: { needs: 'read' }, schema: { params: byDeltaId, response: { 200: deltaView } } },
      async ({ site, params }) => {
        const [row] = await database.withSite(site.id, (tx) =>
          selectDeltas(tx, { id: params.id, limit: 1 }),
        );
        if (!row) throw notFound('delta');
        return presentDelta(row, site.timeZone);
      },
    );

    app.get(
      '/overview',
      { config: { needs: 'read' }, schema: { response: { 200: overview } } },
      ({ site }) => database.withSite(site.id, (tx) => viewOverview(tx, site)),
    );
  };

const hostRoutes =
  ({ database }: { database: Database }): SiteRoutes =>
  async (app) => {
    app.get(
      '/hosts',
      {
        config: { needs: 'read' },
        schema: { querystring: hostQuery, response: { 200: pageOf(hostView) } },
      },
      async ({ site, query: { after, ...query } }) => {
        const beyond = after === undefined ? undefined : readHostKey(after);
        const status = statusCodeOf(query.status);
        return database.withSite(site.id, async (tx) => {
          const wish = { ...query, status, beyond, limit: query.limit + 1 };
          const found = await findHosts(tx, wish);
          const items = (await selectHosts(tx, found.slice(0, query.limit))).map(presentHost);
          return { items, next: found.length > query.limit ? hostKey(items.at(-1)) : null };
        });
      },
    );

    app.get(
      '/hosts/:groupId/:address',
      {
        config: { needs: 'read' },
        schema: {
          params: z.object({ groupId: z.uuid(), address: z.string().max(64) }),
          response: { 200: hostDetail },
        },
      },
      ({ site, params }) =>
        database.withSite(site.id, (tx) =>
          viewHost(tx, site, { ...params, address: readAddress(params.address) }),
        ),
    );

    app.put(
      '/hosts/:groupId/:address/rules',
      {
        config: { needs: 'configure' },
        schema: {
          params: z.object({ groupId: z.uuid(), address: z.string().max(64) }),
          body: hostRules,
          response: { 200: hostDetail },
        },
      },
      (request) => {
        const { site, params, body } = request;
        const place = { ...params, address: readAddress(params.address) };
        return database.withSite(site.id, async (tx) => {
          const before = await viewHost(tx, site, place);
          await updateHostRules(tx, place, body);
          const view = await viewHost(tx, site, place);
          const { address, groupName } = view.host;
          const subject = { kind: 'host', id: address, name: `${address} (${groupName})` };
          const sides = { before: before.ownRules, after: view.ownRules };
          const change = { action: 'host.rulesEdited', subject, ...sides } as const;
          await recordAudit(tx, site.id, sourceOf(request), change);
          return view;
        });
      },
    );
  };

async function viewHost(
  tx: SiteTransaction,
  site: RequestSite,
  { groupId, address }: { groupId: string; address: string },
) {
  const [row] = await selectHosts(tx, [{ groupId, address }]);
  if (!row) throw notFound('host');
  const services = (await selectServicesOfHost(tx, groupId, address)).map(presentService);
  const statuses = await selectStatuses(tx, groupId, address);
  const deltas = await selectDeltas(tx, { groupId, address, limit: DELTAS_OF_HOST });
  const looks = await selectLastLooks(tx, groupId, address);
  return {
    host: presentHost(row),
    downAfter: readDownAfter(row.down_after ?? row.group_down_after),
    serviceDownAfter: readDownAfter(row.service_down_after ?? row.group_service_down_after),
    ownRules: {
      downAfter: row.down_after === null ? null : readDownAfter(row.down_after),
      serviceDownAfter:
        row.service_down_after === null ? null : readDownAfter(row.service_down_after),
    },
    silenceLikelihood: row.silence_since ? row.silence_likelihood : null,
    answersEverything: row.answers_everything,
    refutations: (await selectRefutations(tx, groupId, address)).map(presentRefutation),
    firstSeenAt: row.first_seen_at?.toISOString() ?? null,
    lastSeenAt: looks.seen?.toISOString() ?? null,
    lastCoveredAt: looks.covered?.toISOString() ?? null,
    services: services.filter(({ until }) => until === null),
    pastServices: services.filter(({ until }) => until !== null),
    statuses: presentStatuses(statuses),
    deltas: deltas.map((delta) => presentDelta(delta, site.timeZone)),
  };
}

async function viewOverview(tx: SiteTransaction, site: RequestSite) {
  const figures = await selectFigures(tx);
  const scans = await selectScanViews(tx, { limit: RECENT_SHOWN });
  const running = await selectScanViews(tx, { status: 'running', limit: RECENT_SHOWN });
  const deltas = await selectDeltas(tx, { limit: RECENT_SHOWN });
  const runs = await selectNextRuns(tx, RECENT_SHOWN);
  return {
    groupCount: figures.groups,
    addressCount: figures.addresses,
    statusCounts: presentStatusCounts(
      Object.fromEntries(figures.statuses.map(({ status, hosts }) => [status, hosts])),
      figures.addresses,
    ),
    serviceCount: figures.services,
    falseAlarmsAvoided: await selectAvoidedThisWeek(tx),
    running: running.map((scan) => presentScan(scan, Date.now())),
    recentScans: scans.map((scan) => presentScan(scan, Date.now())),
    recentDeltas: deltas.map((delta) => presentDelta(delta, site.timeZone)),
    scopeEndings: await listScopeEndings(tx, site),
    nextRuns: runs.flatMap(({ at, ...run }) => (at ? [{ ...run, at: at.toISOString() }] : [])),
  };
}

function readAddress(text: string): string {
  const address = canonicalAddress(text);
  if (!address) throw badRequest(`"${text}" is not an IPv4 or IPv6 address.`);
  return address;
}

function readId(after: string): string {
  if (!DELTA_ID.test(after)) throw badRequest('after is not one that an earlier page gave.');
  return after;
}

function statusCodeOf(status: string | undefined) {
  return status === undefined ? undefined : hostStatusCode(status as HostStatus);
}

function hostKey(host: HostView | undefined): string | null {
  return host ? `${host.address}_${host.groupId}` : null;
}

function readHostKey(after: string): { address: string; groupId: string } {
  const [address = '', groupId = ''] = after.split('_');
  if (!canonicalAddress(address) || !z.uuid().safeParse(groupId).success)
    throw badRequest('after is not one that an earlier page gave.');
  return { address, groupId };
}

function badRequest(message: string): RequestProblem {
  return new RequestProblem(400, 'bad-request', message);
}
