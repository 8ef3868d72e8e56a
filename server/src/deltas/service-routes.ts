import { pageOf } from '@netdelta/core/api/page.ts';
import {
  type ListedService,
  listedService,
  serviceQuery,
} from '@netdelta/core/api/service-list.ts';
import { hostStatusOf } from '@netdelta/core/host/status.ts';
import { z } from 'zod';
import type { Database } from '../db/database.ts';
import { canonicalAddress } from '../formats/address.ts';
import { RequestProblem } from '../http/request-problem.ts';
import type { SiteRoutes } from '../http/site-routes.ts';
import { findServices, type ServiceKey, selectServices } from './find-services-queries.ts';
import { presentNames, presentService } from './present-host.ts';

/** The open services of all hosts: who offers what. */
export const serviceRoutes =
  ({ database }: { database: Database }): SiteRoutes =>
  async (app) => {
    app.get(
      '/services',
      {
        config: { needs: 'read' },
        schema: { querystring: serviceQuery, response: { 200: pageOf(listedService) } },
      },
      ({ site, query: { after, ...query } }) => {
        const beyond = after === undefined ? undefined : readServiceKey(after);
        return database.withSite(site.id, async (tx) => {
          const found = await findServices(tx, { ...query, beyond, limit: query.limit + 1 });
          const items = (await selectServices(tx, found.slice(0, query.limit))).map(presentListed);
          return { items, next: found.length > query.limit ? serviceKey(items.at(-1)) : null };
        });
      },
    );
  };

function presentListed(row: Awaited<ReturnType<typeof selectServices>>[number]): ListedService {
  return {
    ...presentService(row),
    groupName: row.group_name,
    hostStatus: hostStatusOf(row.host_status),
    hostNames: presentNames(row),
  };
}

function serviceKey(last: ListedService | undefined): string | null {
  return last ? [last.address, last.groupId, last.protocol, last.port].join('_') : null;
}

const keyParts = z.tuple([
  z.string().refine((address) => canonicalAddress(address)),
  z.uuid(),
  z.enum(['tcp', 'udp']),
  z.coerce.number().int().min(0).max(65_535),
]);

function readServiceKey(after: string): ServiceKey {
  const { data } = keyParts.safeParse(after.split('_'));
  if (!data)
    throw new RequestProblem(400, 'bad-request', 'after is not one that an earlier page gave.');
  const [address, groupId, protocol, port] = data;
  return { address, groupId, protocol, port };
}
