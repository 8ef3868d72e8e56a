import { type RawBuilder, sql } from 'kysely';
import type { SiteTransaction } from '../db/database.ts';

/** What a step takes at most, so that no transaction holds long what others wait for. */
const ROWS_AT_ONCE = 1_000;
/** Hosts take their intervals along, shards what they saw. */
const LARGE_ROWS_AT_ONCE = 250;

interface Step {
  readonly table: string;
  readonly most?: number;
  /** Which rows, for the tables that do not say it by `group_id`. */
  readonly where?: (groupId: string) => RawBuilder<unknown>;
}

/**
 * All tables with rows of groups, in the order in which they go: what may still begin first, then what
 * shards saw before the shards, so that one that ends meanwhile finds itself gone and saves nothing, and
 * hosts, with their intervals, after them.
 */
export const GROUP_STEPS: readonly Step[] = [
  { table: 'schedules' },
  { table: 'notifications' },
  { table: 'shards', most: LARGE_ROWS_AT_ONCE, where: ofScans },
  { table: 'scans' },
  { table: 'sight_bases', most: LARGE_ROWS_AT_ONCE },
  { table: 'deltas' },
  { table: 'refutations' },
  { table: 'displaced_hosts' },
  { table: 'hosts', most: LARGE_ROWS_AT_ONCE },
  { table: 'search_blocks', most: LARGE_ROWS_AT_ONCE },
  { table: 'host_intervals' },
  { table: 'service_intervals' },
  { table: 'group_tallies' },
];

/** By their scans, of which those that are empty already cost a look at an index each. */
function ofScans(groupId: string): RawBuilder<unknown> {
  return sql`ctid = any(array(select sh.ctid from scans as s
    join shards as sh on sh.site_id = s.site_id and sh.scan_id = s.id
    where s.group_id = ${groupId} limit ${LARGE_ROWS_AT_ONCE}))`;
}

/** Takes rows of one table that belong to a group; answers how many: 0 when there are none left. */
export async function deleteGroupRows(
  tx: SiteTransaction,
  siteId: string,
  { groupId, step }: { groupId: string; step: Step },
): Promise<number> {
  const { table, most = ROWS_AT_ONCE, where } = step;
  const which = where?.(groupId) ?? sql`group_id = ${groupId}`;
  const { numAffectedRows } = await sql`
    delete from ${sql.table(table)} where site_id = ${siteId} and ctid = any(array(
      select ctid from ${sql.table(table)} where site_id = ${siteId} and ${which} limit ${most}))`.execute(
    tx,
  );
  return Number(numAffectedRows ?? 0);
}

/** Tables with rows of a site that belong to no group, and may be many. What is few goes with the site. */
export const SITE_STEPS = ['notifications', 'service_texts', 'coverages'] as const;

export async function deleteSiteRows(
  tx: SiteTransaction,
  siteId: string,
  table: string,
): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from ${sql.table(table)} where site_id = ${siteId} and ctid = any(array(
      select ctid from ${sql.table(table)} where site_id = ${siteId} limit ${ROWS_AT_ONCE}))`.execute(
    tx,
  );
  return Number(numAffectedRows ?? 0);
}

/** Makes all who delete the same thing take turns, step by step. */
export async function lockRemoval(tx: SiteTransaction, id: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`removal ${id}`}, 0))`.execute(tx);
}

export async function addRowsDeleted(
  tx: SiteTransaction,
  table: 'groups' | 'sites',
  { id, rows }: { id: string; rows: number },
): Promise<void> {
  await sql`update ${sql.table(table)} set rows_deleted = rows_deleted + ${rows} where id = ${id}`.execute(
    tx,
  );
}
