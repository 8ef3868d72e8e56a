import type { HostRules } from '@netdelta/core/api/hosts.ts';
import type { HostStatusCode } from '@netdelta/core/host/status.ts';
import { sql } from 'kysely';
import type { SiteTransaction } from '../db/database.ts';
import { writeDownAfter } from '../db/down-after.ts';
import { toldSince, toldStatus } from '../db/told-status-queries.ts';
import type { HostKey } from './host-stream-queries.ts';

/** These hosts with their group's name, in this order. */
export async function selectHosts(tx: SiteTransaction, keys: readonly HostKey[]) {
  const asked = sql<{ address: string; group_id: string; place: number }>`unnest(
    ${keys.map(({ address }) => address)}::inet[], ${keys.map(({ groupId }) => groupId)}::uuid[])
    with ordinality`;
  return tx
    .selectFrom(asked.as<'k'>(sql`k (address, group_id, place)`))
    .innerJoin('hosts as h', (join) =>
      join.onRef('h.group_id', '=', 'k.group_id').onRef('h.address', '=', 'k.address'),
    )
    .innerJoin('groups as g', (join) =>
      join.onRef('g.site_id', '=', 'h.site_id').onRef('g.id', '=', 'h.group_id'),
    )
    .selectAll('h')
    .select([
      // Instead of what is stored.
      sql<HostStatusCode>`${sql.raw(toldStatus('h'))}`.as('status'),
      sql<Date>`${sql.raw(toldSince('h'))}`.as('status_since'),
      'g.name as group_name',
      'g.down_after as group_down_after',
      'g.service_down_after as group_service_down_after',
      sql<number>`(select count(*)::int from service_intervals s where s.site_id = h.site_id
        and s.group_id = h.group_id and s.address = h.address and s.valid_to is null)`.as(
        'service_count',
      ),
    ])
    .orderBy('k.place')
    .execute();
}
export type HostListRow = Awaited<ReturnType<typeof selectHosts>>[number];

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

/** The statuses that a host had, as they are stored, newest first; with when, and by which scan, NEW became UP. */
export function selectStatuses(tx: SiteTransaction, groupId: string, address: string) {
  return tx
    .selectFrom('host_intervals as i')
    .leftJoin('scans as k', (join) =>
      join.onRef('k.site_id', '=', 'i.site_id').onRef('k.id', '=', 'i.scan_id'),
    )
    .select(['i.status', 'i.valid_from', 'i.valid_to', 'i.scan_id'])
    .select(['k.new_until', 'k.new_until_scan_id'])
    .where('i.group_id', '=', groupId)
    .where('i.address', '=', address)
    .orderBy('i.valid_from', 'desc')
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

const ANSWERING = [2, 3, 4, 5, 8];

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
    .selectFrom('group_tallies as t')
    .select([
      sql<HostStatusCode>`${sql.raw(toldStatus('t', 'scan_id'))}`.as('status'),
      sql<number>`sum(hosts)::int`.as('hosts'),
      sql<number>`sum(services)::int`.as('services'),
    ])
    .groupBy(sql`1`)
    .execute();
  const answering = statuses.filter(({ status }) => ANSWERING.includes(status));
  return {
    ...groups,
    statuses,
    services: answering.reduce((sum, { services }) => sum + services, 0),
  };
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
