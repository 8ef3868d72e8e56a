import { sql } from 'kysely';
import type { Database } from '../../db/database.ts';
import type { JobData } from '../../queue/queue.ts';

/** The waiting jobs of shards in the order in which workers take them. */
export async function selectJobsInTurn({ system }: Database): Promise<JobData['scan.shard'][]> {
  const { rows } = await sql<{ data: JobData['scan.shard'] }>`
    select data from pgboss.job where name = 'scan.shard' and state = 'created'
    order by priority desc, created_on, id`.execute(system);
  return rows.map(({ data }) => data);
}
