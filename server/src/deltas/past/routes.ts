import {
  type ComparePage,
  type CompareQuery,
  comparePage,
  compareQuery,
  type InstantView,
  type PastHostPage,
  type PastHostQuery,
  pastHost,
  pastHostPage,
  pastHostQuery,
} from '@netdelta/core/api/past.ts';
import { z } from 'zod';
import type { Database, SiteTransaction } from '../../db/database.ts';
import { canonicalAddress } from '../../formats/address.ts';
import { RequestProblem } from '../../http/request-problem.ts';
import type { RequestSite, SiteRoutes } from '../../http/site-routes.ts';
import { beginComparison, selectDifferences } from './compare-instants.ts';
import { countDifferences } from './count-differences.ts';
import { findInstants } from './find-instants.ts';
import { listPastHosts, viewPastHost } from './list-past-hosts.ts';
import { readCursor, writeCursor } from './past-cursor.ts';
import { presentDifference, presentTarget } from './present-difference.ts';
import { sumUpEdits } from './sum-up-edits.ts';

const UNKNOWN_THEN = 'No scan had covered such a host by then.';
const byHost = z.object({ groupId: z.uuid(), address: z.string().max(64) });

/** The past: hosts as of an instant, and what changed between two. */
export const pastRoutes =
  ({ database }: { database: Database }): SiteRoutes =>
  async (app) => {
    app.get(
      '/compare',
      {
        config: { needs: 'read' },
        schema: { querystring: compareQuery, response: { 200: comparePage } },
      },
      ({ site, query }) => database.withSite(site.id, (tx) => compare(tx, site, query)),
    );

    app.get(
      '/hosts/as-of',
      {
        config: { needs: 'read' },
        schema: { querystring: pastHostQuery, response: { 200: pastHostPage } },
      },
      ({ site, query }) => database.withSite(site.id, (tx) => listHosts(tx, site, query)),
    );

    app.get(
      '/hosts/:groupId/:address/as-of',
      {
        config: { needs: 'read' },
        schema: {
          params: byHost,
          querystring: pastHostQuery.pick({ at: true }),
          response: { 200: pastHost },
        },
      },
      ({ site, params, query }) =>
        database.withSite(site.id, async (tx) => {
          const { groupId } = params;
          const address = canonicalAddress(params.address);
          const found = await understand(tx, site, { written: query, groupId });
          const at = found.instants.at;
          const view = address && (await viewPastHost(tx, { groupId, address }, at.at));
          if (!view) throw new RequestProblem(404, 'not-found', UNKNOWN_THEN);
          return { at, ...view };
        }),
    );
  };

async function compare(
  tx: SiteTransaction,
  site: RequestSite,
  { from, to, ...query }: CompareQuery,
): Promise<ComparePage> {
  const cursor = query.after === undefined ? undefined : readCursor(query.after, 2);
  const written = { from, to };
  const found = await understand(tx, site, { written, groupId: query.groupId });
  const instants = {
    from: pin(found.instants.from, cursor?.instants[0]),
    to: pin(found.instants.to, cursor?.instants[1]),
  };
  const pair = { from: instants.from.at, to: instants.to.at, groupId: found.groupId };
  const comparison = await beginComparison(tx, pair);
  const page = { beyond: cursor?.beyond, limit: query.limit };
  const { items, next } = await selectDifferences(tx, comparison, page);
  return {
    ...instants,
    items: items.map((item) => presentDifference(item, pair, site.timeZone)),
    next: next && writeCursor([pair.from, pair.to], next),
    targets: cursor ? null : (await sumUpEdits(tx, comparison)).map(presentTarget),
    counts: cursor ? null : await countDifferences(tx, comparison),
  };
}

/** What a cursor says of an instant: `now` of the first page. */
function pin(instant: InstantView, at: string | undefined): InstantView {
  return at === undefined ? instant : { ...instant, at };
}

async function listHosts(
  tx: SiteTransaction,
  site: RequestSite,
  { at, after, limit, ...query }: PastHostQuery,
): Promise<PastHostPage> {
  const cursor = after === undefined ? undefined : readCursor(after, 1);
  const { groupId, instants } = await understand(tx, site, {
    written: { at },
    groupId: query.groupId,
  });
  const instant = pin(instants.at, cursor?.instants[0]);
  const filter = { ...query, groupId, at: instant.at, beyond: cursor?.beyond };
  const { items, next } = await listPastHosts(tx, filter, limit);
  return { at: instant, items, next: next && writeCursor([instant.at], next) };
}

/** @throws RequestProblem (400) listing all that is wrong with the instants */
async function understand<Field extends string>(
  tx: SiteTransaction,
  { timeZone }: RequestSite,
  question: {
    readonly written: Readonly<Record<Field, string>>;
    readonly groupId?: string | undefined;
  },
) {
  const now = new Date().toISOString();
  const found = await findInstants(tx, { ...question, timeZone, now });
  if (found.ok) return found;
  const message = 'These instants cannot be looked at.';
  throw new RequestProblem(400, 'bad-instant', message, found.problems);
}
