import { hostStatusCode } from '@netdelta/core/host/status.ts';
import { type RawBuilder, sql } from 'kysely';
import { toldStatus } from '../db/told-status-queries.ts';

type Condition = RawBuilder<unknown>;

const NEW = hostStatusCode('NEW');
const UP = hostStatusCode('UP');
/** So many NEW hosts of a group can be passed on the way to those that are UP. */
const PASSED = 5_000;

interface StatusWalk {
  readonly status: number | undefined;
  /** Null: all. */
  readonly limit: number | null;
  /** The hosts `h` of which the condition holds, in the order of their addresses, up to the limit. */
  readonly walk: (which: Condition) => Condition;
}

/**
 * The first hosts of group `g` of which a status is told. NEW and UP are stored alike (decision 28):
 * each scan's NEW hosts are in an index of their own, in order.
 */
export function walkStatus({ status, limit, walk }: StatusWalk): Condition {
  const stored = (code: number | undefined) =>
    sql`h.site_id = g.site_id and h.group_id = g.id and h.status = ${code}`;
  if (status === NEW) return walkScans(sql`k.new_until is null`, { limit, walk });
  if (status !== UP) return walk(stored(status));
  const ofGroup = sql`k.site_id = g.site_id and k.group_id = g.id`;
  return sql`
    select u.address, u.group_id from (
      select array(select k.id from scans as k where ${ofGroup} and k.new_until is null) as scans,
        (select coalesce(sum(t.hosts), 0) > ${PASSED} from group_tallies as t where t.site_id = g.site_id
          and t.group_id = g.id and t.status = ${NEW} and ${sql.raw(toldStatus('t', 'scan_id'))} = ${NEW}) as many
    ) as n cross join lateral (
      (${walk(stored(UP))})
      union all (${walk(sql`${stored(NEW)} and (h.last_scan_id = any(n.scans)) is not true and not n.many`)})
      union all (${walkScans(sql`k.new_until is not null and n.many`, { limit, walk })})
    ) as u order by u.address limit ${limit}`;
}

/** The first hosts that are stored as NEW by those scans of the group, each scan's in order. */
function walkScans(which: Condition, { limit, walk }: Omit<StatusWalk, 'status'>): Condition {
  // No group here: the scan has but one, and only its own index is in order.
  const ofScan = sql`h.site_id = k.site_id and h.last_scan_id = k.id and h.status = ${NEW}`;
  return sql`select w.address, w.group_id from scans as k cross join lateral (${walk(ofScan)}) as w
    where k.site_id = g.site_id and k.group_id = g.id and ${which} order by w.address limit ${limit}`;
}
