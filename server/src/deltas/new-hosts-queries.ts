import { hostStatusCode } from '@netdelta/core/host/status.ts';
import { sql } from 'kysely';
import { writeAddressSet } from '../db/address-set.ts';
import type { SiteTransaction } from '../db/database.ts';
import type { Place } from './belief-queries.ts';

const NEW = hostStatusCode('NEW');
const UP = hostStatusCode('UP');

/** Notes hosts that stay NEW though a scan covered them: it concluded nothing of them. */
export async function addStillNew(
  tx: SiteTransaction,
  { scanId }: Place,
  addresses: readonly string[],
): Promise<void> {
  if (addresses.length === 0) return;
  await sql`update scans set still_new = coalesce(still_new, '{}') + ${writeAddressSet(addresses)}::address_set
    where id = ${scanId}`.execute(tx);
}

/** What a scan covered of hosts that were NEW before it is UP from its end on. */
export async function endNew(tx: SiteTransaction, place: Place): Promise<void> {
  const over: string[] = [];
  for (const { id, again, left } of await countNew(tx, place)) {
    if (again === 0 && left > 0) continue;
    if (left === 0) over.push(id);
    else if (left <= again) {
      await rewriteNew(tx, place, { id, seen: false });
      over.push(id);
    } else await rewriteNew(tx, place, { id, seen: true });
  }
  await sql`update scans set new_until = ${place.at}::timestamptz, new_until_scan_id = ${place.scanId}
    where id = any(${over}::uuid[])`.execute(tx);
}

interface NewOfScan {
  readonly id: string;
  /** How many of its NEW hosts this scan covered again, and how many not. */
  readonly again: number;
  readonly left: number;
}

const wasSeen = ({ scanId }: Place) =>
  sql`h.address <@ (select coalesce(s.covered, '{}') - coalesce(s.still_new, '{}') from scans as s where s.id = ${scanId})`;

/** The earlier scans of the group of which hosts may be NEW. */
async function countNew(tx: SiteTransaction, place: Place): Promise<readonly NewOfScan[]> {
  const { rows } = await sql<NewOfScan>`
    select k.id, count(*) filter (where h.seen)::int as again, count(*) filter (where not h.seen)::int as left
    from scans as k left join lateral (
      select ${wasSeen(place)} as seen from hosts as h
      where h.site_id = k.site_id and h.last_scan_id = k.id and h.status = ${NEW}
      -- By index, whatever the planner reckons: as a rule there are few.
      offset 0
    ) as h on true
    where k.group_id = ${place.groupId} and k.new_until is null and k.finished_at is not null
      and k.id <> ${place.scanId}
    group by k.id order by k.id`.execute(tx);
  return rows;
}

/**
 * Of a scan whose NEW hosts were covered again in part, the smaller part is written: those that were
 * as UP, or those that were not as NEW by this scan. Whoever holds a host just now makes something else of it.
 */
async function rewriteNew(
  tx: SiteTransaction,
  place: Place,
  { id, seen }: { id: string; seen: boolean },
): Promise<void> {
  const { siteId, groupId, scanId, at } = place;
  await sql`
    with part as materialized (
      select h.address from hosts as h
      where h.site_id = ${siteId} and h.last_scan_id = ${id} and h.status = ${NEW} and (${wasSeen(place)}) = ${seen}
      for update skip locked
    ), written as (
      update hosts as h set last_scan_id = ${scanId}, status = ${seen ? UP : NEW},
        status_since = case when ${seen} then ${at}::timestamptz else h.status_since end
      from part where h.site_id = ${siteId} and h.group_id = ${groupId} and h.address = part.address
      returning h.*
    ), ended as (
      update host_intervals as i set valid_to = greatest(${at}::timestamptz, i.valid_from + interval '1 ms')
      from written as w where i.site_id = ${siteId} and i.group_id = ${groupId} and i.address = w.address
        and i.valid_to is null
      returning i.address, i.valid_to
    )
    insert into host_intervals (site_id, group_id, scan_id, valid_from, address, status, known_coverage_id, names, mac,
      mac_vendor, os, answers_everything, differs)
    select w.site_id, w.group_id, ${scanId}, e.valid_to, w.address, w.status, w.known_coverage_id, w.names, w.mac,
      w.mac_vendor, w.os, w.answers_everything, false
    from written as w join ended as e using (address)`.execute(tx);
}
