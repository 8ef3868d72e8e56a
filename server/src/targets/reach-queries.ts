import { hostStatusCode } from '@netdelta/core/host/status.ts';
import type { Target } from '@netdelta/core/target/target.ts';
import { sql } from 'kysely';
import type { SiteTransaction } from '../db/database.ts';

const ADDED = hostStatusCode('ADDED');
const REMOVED = hostStatusCode('REMOVED');

interface Place {
  readonly siteId: string;
  readonly groupId: string;
}

type Ranges = readonly { readonly first: string; readonly last: string }[];

/** What a group's targets make, for SQL. Ranges hold both ends, in order and without overlap. */
export interface Reach {
  readonly inside: Ranges;
  /** All addresses that are not `inside`. */
  readonly outside: Ranges;
  readonly excluded: Ranges;
  readonly names: readonly string[];
}

/**
 * Makes edits of one group take turns. They lock its hosts before the group itself, as a shard that
 * ends its scan does: the other way round, the two would wait for each other.
 */
export async function lockEdits(tx: SiteTransaction, groupId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`group ${groupId}`}, 0))`.execute(tx);
}

/**
 * Makes hosts that are no target any more REMOVED, and removed ones that are targets again ADDED,
 * each with its interval. Only hosts outside, and removed ones, are looked at: by index, range by range.
 */
export async function updateHostsToReach(
  tx: SiteTransaction,
  { siteId, groupId }: Place,
  reach: Reach,
): Promise<void> {
  const ofGroup = sql`h.site_id = ${siteId} and h.group_id = ${groupId}`;
  const isNamed = sql`(coalesce(h.target_name = any(${reach.names}::text[]), false) and not exists (
    select from ${unnest(reach.excluded)} where h.address between r.first and r.last))`;
  await sql`
    with gone as (
      select h.address from ${unnest(reach.outside)}
      join hosts as h on ${ofGroup} and h.address between r.first and r.last
      where h.status <> ${REMOVED} and not ${isNamed}
    ), back as (
      select h.address from ${unnest(reach.inside)}
      join hosts as h on ${ofGroup} and h.status = ${REMOVED} and h.address between r.first and r.last
      union
      select h.address from hosts as h where ${ofGroup} and h.status = ${REMOVED} and ${isNamed}
    ), judged as (
      select address, ${REMOVED}::smallint as status from gone
      union all select address, ${ADDED}::smallint from back
    ), moved as (
      update hosts as h set status = judged.status, status_since = now(),
        silence_scans = 0, silence_since = null, silence_since_scan = null
      from judged where ${ofGroup} and h.address = judged.address
      returning h.*
    ), ended as (
      -- A scan may have judged the host after this transaction began, and before it had the host.
      update host_intervals as h set valid_to = greatest(now(), h.valid_from + interval '1 ms') from moved
      where ${ofGroup} and h.address = moved.address and h.valid_to is null
      returning h.address, h.valid_to
    )
    insert into host_intervals (site_id, group_id, address, valid_from, status, known_coverage_id, names, mac, mac_vendor,
      os, answers_everything)
    select ${siteId}, ${groupId}, moved.address, coalesce(ended.valid_to, now()), moved.status, moved.known_coverage_id,
      moved.names, moved.mac, moved.mac_vendor, moved.os, moved.answers_everything
    from moved left join ended on ended.address = moved.address`.execute(tx);
}

function unnest(ranges: Ranges) {
  const firsts = ranges.map(({ first }) => first);
  const lasts = ranges.map(({ last }) => last);
  return sql`unnest(${firsts}::inet[], ${lasts}::inet[]) as r (first, last)`;
}

export interface TargetDelta {
  readonly kind: 'target.added' | 'target.removed';
  readonly target: Target;
  /** Null for a host name. */
  readonly addresses: number | null;
}

/** Records which targets came and went, in one statement: there may be more than it could have parameters. */
export async function insertTargetDeltas(
  tx: SiteTransaction,
  { siteId, groupId }: Place,
  deltas: readonly TargetDelta[],
): Promise<void> {
  const kinds = deltas.map(({ kind }) => kind);
  const texts = deltas.map(({ target }) => target.text);
  const sides = deltas.map(({ addresses }) =>
    JSON.stringify(addresses === null ? {} : { addresses }),
  );
  await sql`
    insert into deltas (site_id, group_id, at, kind, target, before, after, evidence)
    select ${siteId}, ${groupId}, now(), kind, target,
      case when kind = 'target.removed' then side end, case when kind = 'target.added' then side end,
      ${JSON.stringify({ reason: 'edited' })}::jsonb
    from unnest(${kinds}::text[], ${texts}::text[], ${sides}::jsonb[])
      with ordinality as edited (kind, target, side, place)
    order by place`.execute(tx);
}
