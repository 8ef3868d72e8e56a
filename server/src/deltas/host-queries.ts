import type { HostQuery, HostRules } from '@netdelta/core/api/hosts.ts';
import { type HostStatus, hostStatusCode } from '@netdelta/core/host/status.ts';
import { sql } from 'kysely';
import type { SiteTransaction } from '../db/database.ts';
import { writeDownAfter } from '../db/down-after.ts';

const isAnswering = sql<boolean>`h.status in (2, 3, 4, 5, 8)`;

/** Hosts with their group's name, in the order of their addresses; one page, or one host. */
export function selectHosts(
  tx: SiteTransaction,
  query: Omit<HostQuery, 'after'> & {
    address?: string;
    beyond?: { address: string; groupId: string };
  },
) {
  return tx
    .selectFrom('hosts as h')
    .innerJoin('groups as g', (join) =>
      join.onRef('g.site_id', '=', 'h.site_id').onRef('g.id', '=', 'h.group_id'),
    )
    .selectAll('h')
    .select([
      'g.name as group_name',
      'g.down_after as group_down_after',
      'g.service_down_after as group_service_down_after',
      sql<number>`(select count(*)::int from service_intervals s where s.site_id = h.site_id
        and s.group_id = h.group_id and s.address = h.address and s.valid_to is null)`.as(
        'service_count',
      ),
    ])
    .$if(query.groupId !== undefined, (q) => q.where('h.group_id', '=', query.groupId as string))
    .$if(query.address !== undefined, (q) => q.where('h.address', '=', query.address as string))
    .$if(query.status !== undefined, (q) =>
      q.where('h.status', '=', hostStatusCode(query.status as HostStatus)),
    )
    .$if(query.port !== undefined, (q) => q.where(hasService(sql`s.port = ${query.port}`)))
    .$if(!!query.text, (q) => q.where(matchesText(query.text as string)))
    .$if(query.beyond !== undefined, (q) =>
      q.where(
        sql<boolean>`(h.address, h.group_id) > (${query.beyond?.address}::inet, ${query.beyond?.groupId}::uuid)`,
      ),
    )
    .orderBy('h.address')
    .orderBy('h.group_id')
    .limit(query.limit)
    .execute();
}
export type HostListRow = Awaited<ReturnType<typeof selectHosts>>[number];

function hasService(condition: ReturnType<typeof sql>) {
  return sql<boolean>`exists (select from service_intervals s where s.site_id = h.site_id
    and s.group_id = h.group_id and s.address = h.address and s.valid_to is null and ${condition})`;
}

function matchesText(text: string) {
  const pattern = `%${text.replace(/[\\%_]/g, '\\$&')}%`;
  const inService = hasService(
    sql`concat_ws(' ', s.service->>'name', s.service->>'product', s.service->>'version') ilike ${pattern}`,
  );
  return sql<boolean>`(host(h.address) ilike ${pattern} or array_to_string(h.names, ' ') ilike ${pattern}
    or h.mac ilike ${pattern} or h.mac_vendor ilike ${pattern} or h.os ilike ${pattern} or ${inService})`;
}

const HISTORY_SHOWN = 200;

/** The services of a host: those that are open now first, then the past ones, newest first. */
export function selectServicesOfHost(tx: SiteTransaction, groupId: string, address: string) {
  return tx
    .selectFrom('service_intervals')
    .selectAll()
    .where('group_id', '=', groupId)
    .where('address', '=', address)
    .orderBy(sql`valid_to desc nulls first`)
    .orderBy('protocol')
    .orderBy('port')
    .limit(HISTORY_SHOWN)
    .execute();
}
export type ServiceListRow = Awaited<ReturnType<typeof selectServicesOfHost>>[number];

/** The statuses that a host had, newest first. */
export function selectStatuses(tx: SiteTransaction, groupId: string, address: string) {
  return tx
    .selectFrom('host_intervals')
    .selectAll()
    .where('group_id', '=', groupId)
    .where('address', '=', address)
    .orderBy('valid_from', 'desc')
    .limit(HISTORY_SHOWN)
    .execute();
}

/** Stores the rules that a host has of its own; null: its group's. */
export async function updateHostRules(
  tx: SiteTransaction,
  { groupId, address }: { groupId: string; address: string },
  { downAfter, serviceDownAfter }: HostRules,
): Promise<void> {
  await tx
    .updateTable('hosts')
    .set({
      down_after: downAfter && writeDownAfter(downAfter),
      service_down_after: serviceDownAfter && writeDownAfter(serviceDownAfter),
    })
    .where('group_id', '=', groupId)
    .where('address', '=', address)
    .execute();
}

/** The figures of the first page. */
export async function selectFigures(tx: SiteTransaction) {
  const groups = await tx
    .selectFrom('groups')
    .select([
      sql<number>`count(*)::int`.as('groups'),
      sql<number>`coalesce(sum(address_count + name_count), 0)::int`.as('addresses'),
    ])
    .executeTakeFirstOrThrow();
  const statuses = await tx
    .selectFrom('hosts')
    .select(['status', sql<number>`count(*)::int`.as('hosts')])
    .groupBy('status')
    .execute();
  const { services } = await tx
    .selectFrom('service_intervals as s')
    .innerJoin('hosts as h', (join) =>
      join
        .onRef('h.site_id', '=', 's.site_id')
        .onRef('h.group_id', '=', 's.group_id')
        .onRef('h.address', '=', 's.address'),
    )
    .select(sql<number>`count(*)::int`.as('services'))
    .where('s.valid_to', 'is', null)
    .where(isAnswering)
    .executeTakeFirstOrThrow();
  return { ...groups, statuses, services };
}

/** The next runs of all schedules. */
export function selectNextRuns(tx: SiteTransaction, limit: number) {
  return tx
    .selectFrom('schedules as s')
    .innerJoin('groups as g', (join) =>
      join.onRef('g.site_id', '=', 's.site_id').onRef('g.id', '=', 's.group_id'),
    )
    .select(['s.group_id as groupId', 'g.name as groupName', 's.next_run_at as at'])
    .where('s.enabled', '=', true)
    .where('s.next_run_at', 'is not', null)
    .orderBy('s.next_run_at')
    .limit(limit)
    .execute();
}
