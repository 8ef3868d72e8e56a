import { PgBoss } from 'pg-boss';
import { HEARTBEAT_SECONDS, JOB_KINDS } from './kinds.ts';

export const QUEUE_SCHEMA = 'pgboss';

/**
 * Makes or updates pg-boss's own schema and our queues in it, and lets the application's role
 * enqueue. Safe to run again and by several at once (pg-boss holds an advisory lock).
 */
export async function migrateQueue(url: string): Promise<void> {
  const boss = new PgBoss({
    connectionString: url,
    schema: QUEUE_SCHEMA,
    application_name: 'netdelta migrate',
    supervise: false,
    schedule: false,
    max: 2,
  });
  boss.on('error', () => undefined);
  await boss.start();
  try {
    for (const [name, kind] of Object.entries(JOB_KINDS)) await upsertQueue(boss, name, kind);
    await boss.getDb().executeSql(GRANTS);
  } finally {
    await boss.stop({ graceful: false });
  }
}

async function upsertQueue(boss: PgBoss, name: string, kind: object): Promise<void> {
  const options = { ...kind, ...EVERY_QUEUE };
  if (await boss.getQueue(name)) await boss.updateQueue(name, options);
  else await boss.createQueue(name, { ...options, policy: 'short' });
}

/** Policy `short`: at most one waiting job of one key (jobs without a key get one of their own). */
const EVERY_QUEUE = {
  retryBackoff: true,
  heartbeatSeconds: HEARTBEAT_SECONDS,
  notify: true,
  // What a job did stands where it did it; its row is of use only while somebody looks for a failure.
  deleteAfterSeconds: 2 * 24 * 3_600,
};

/** withSite transactions enqueue as this role: it may add jobs, but sees of them only their ids and times, and changes none. */
const GRANTS = `
  grant usage on schema ${QUEUE_SCHEMA} to netdelta_app;
  revoke select on all tables in schema ${QUEUE_SCHEMA} from netdelta_app;
  grant insert on all tables in schema ${QUEUE_SCHEMA} to netdelta_app;
  grant select on ${QUEUE_SCHEMA}.queue to netdelta_app;
  grant select (id, start_after) on ${QUEUE_SCHEMA}.job, ${QUEUE_SCHEMA}.job_common to netdelta_app;
`;
