import { sql } from 'kysely';
import type { SiteTransaction } from '../db/database.ts';
import type { ConfirmationCost } from '../db/tables.ts';

/** What a scan's shards say together. */
export function selectShardTotals(tx: SiteTransaction, scanId: string) {
  return tx
    .selectFrom('shards')
    .select([
      sql<number>`coalesce(sum(covered_count), 0)::int`.as('covered'),
      sql<number>`count(*) filter (where status <> 'finished')::int`.as('unfinished'),
      sql<number>`coalesce(sum((progress->>'hostsUp')::int), 0)::int`.as('hostsUp'),
      sql<number>`coalesce(sum((progress->>'servicesOpen')::int), 0)::int`.as('servicesOpen'),
      sql<number | null>`avg((confirmation->>'loss')::float)`.as('loss'),
      sql<string | null>`max(engine)`.as('engine'),
      sql<string | null>`max(engine_version)`.as('engineVersion'),
    ])
    .where('scan_id', '=', scanId)
    .executeTakeFirstOrThrow();
}

/** The different commands that a scan ran. */
export async function selectCommands(tx: SiteTransaction, scanId: string): Promise<string[][]> {
  const rows = await tx
    .selectFrom('shards')
    .select('arguments')
    .distinct()
    .where('scan_id', '=', scanId)
    .where('arguments', 'is not', null)
    .limit(10)
    .execute();
  return rows.flatMap((row) => (row.arguments ? [row.arguments] : []));
}

/** The different problems of a scan's shards, each with how many shards had it. */
export function selectShardProblems(tx: SiteTransaction, scanId: string) {
  return tx
    .selectFrom('shards')
    .select(['problem', sql<number>`count(*)::int`.as('shards')])
    .where('scan_id', '=', scanId)
    .where('problem', 'is not', null)
    .groupBy('problem')
    .orderBy('shards', 'desc')
    .limit(20)
    .execute();
}

/** What asking again cost a scan, all its shards together; undefined before any of them ended. */
export async function selectConfirmationCost(
  tx: SiteTransaction,
  scanId: string,
): Promise<ConfirmationCost | undefined> {
  const { rows } = await sql<ConfirmationCost & { shards: number }>`
    select count(confirmation)::int as shards,
      coalesce(sum((confirmation->>'probes')::int), 0)::int as probes,
      coalesce(max((confirmation->>'ms')::int), 0)::int as ms,
      avg((confirmation->>'loss')::float) as loss,
      coalesce(sum((confirmation->>'refuted')::int), 0)::int as refuted,
      coalesce(sum((confirmation->>'confirmed')::int), 0)::int as confirmed,
      coalesce(sum((confirmation->>'undecided')::int), 0)::int as undecided,
      coalesce(sum((confirmation->>'unasked')::int), 0)::int as unasked
    from shards where scan_id = ${scanId}`.execute(tx);
  const [row] = rows;
  if (!row || row.shards === 0) return undefined;
  const { shards: _shards, ...cost } = row;
  return cost;
}

export async function selectUncovered(tx: SiteTransaction, scanId: string, limit: number) {
  const { rows } = await sql<{ address: string; reason: string; total: number }>`
    select host->>'address' as address, host->>'reason' as reason, count(*) over ()::int as total
    from shards, jsonb_array_elements(uncovered) as host
    where scan_id = ${scanId} order by (host->>'address')::inet limit ${limit}`.execute(tx);
  return {
    hosts: rows.map(({ address, reason }) => ({ address, reason })),
    count: rows[0]?.total ?? 0,
  };
}
