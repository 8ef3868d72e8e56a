import type { HostView } from '@netdelta/core/api/hosts.ts';
import type { PastHost, PastHostPage } from '@netdelta/core/api/past.ts';
import { hostStatusOf } from '@netdelta/core/host/status.ts';
import type { SiteTransaction } from '../../db/database.ts';
import { presentNames, presentService } from '../present-host.ts';
import {
  type PastHostFilter,
  type PastHostRow,
  selectPastHosts,
  selectPastServices,
  selectWalkEnd,
} from './as-of-queries.ts';
import type { HostKey } from './compare-queries.ts';

/** So many hosts are looked at for one page, whatever the filters leave of them. */
const WALKED = 10_000;

export interface PastHosts {
  readonly items: PastHostPage['items'];
  readonly next: HostKey | null;
}

/** A page of the hosts at an instant. With filters it may be short, or empty, and still have a next one. */
export async function listPastHosts(
  tx: SiteTransaction,
  filter: PastHostFilter,
  limit: number,
): Promise<PastHosts> {
  const rows = await selectPastHosts(tx, filter, { limit: limit + 1, walked: WALKED });
  const items = rows.slice(0, limit).map(presentPastHost);
  const last = items.at(-1);
  if (rows.length > limit && last)
    return { items, next: { groupId: last.groupId, address: last.address } };
  return { items, next: await selectWalkEnd(tx, filter, WALKED) };
}

/** One host at an instant; undefined when nothing was believed of it yet. */
export async function viewPastHost(
  tx: SiteTransaction,
  { groupId, address }: HostKey,
  at: string,
): Promise<Omit<PastHost, 'at'> | undefined> {
  const filter = { groupId, address, at };
  const [row] = await selectPastHosts(tx, filter, { limit: 1, walked: 1 });
  if (!row) return undefined;
  const services = await selectPastServices(tx, { groupId, address }, at);
  return {
    host: presentPastHost(row),
    known: { tcp: row.tcp ?? '', udp: row.udp ?? '' },
    answersEverything: row.answers_everything,
    services: services.map((service) => ({ ...presentService(service), silentScans: 0 })),
  };
}

function presentPastHost(row: PastHostRow): HostView {
  return {
    groupId: row.group_id,
    groupName: row.group_name,
    address: row.address,
    status: hostStatusOf(row.status),
    statusSince: row.status_since.toISOString(),
    names: presentNames(row),
    mac: row.mac,
    macVendor: row.mac_vendor,
    os: row.os,
    serviceCount: row.service_count,
    silentScans: 0,
  };
}
