import type { Database } from '../server/src/db/database.ts';

/** Every shard of a scan, in order. */
export function selectShards({ system }: Database, scanId: string) {
  return system
    .selectFrom('shards')
    .select(['number', 'status', 'attempts', 'covered_count as covered', 'problem'])
    .where('scan_id', '=', scanId)
    .orderBy('number')
    .execute();
}

/** All that is believed to be open now, as `address:port`, sorted. */
export async function selectOpenServices({ system }: Database): Promise<string[]> {
  const rows = await system
    .selectFrom('service_intervals')
    .select(['address', 'port'])
    .where('valid_to', 'is', null)
    .execute();
  return rows.map(({ address, port }) => `${address}:${port}`).sort();
}
