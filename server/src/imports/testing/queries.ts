import { sql } from 'kysely';
import type { Database } from '../../db/database.ts';
import { toldStatus } from '../../db/told-status-queries.ts';

/** What a group's scans came to, in their order. */
export function selectScans({ system }: Database, groupId: string) {
  return system
    .selectFrom('scans')
    .selectAll()
    .where('group_id', '=', groupId)
    .orderBy('created_at')
    .execute();
}

/** What was told of a group: `kind subject` by scan, in their order, and when. */
export async function selectTold({ system }: Database, groupId: string) {
  const rows = await system
    .selectFrom('deltas')
    .select(['scan_id', 'at', 'kind', 'address', 'protocol', 'port', 'rating'])
    .where('group_id', '=', groupId)
    .orderBy('id')
    .execute();
  return rows.map(({ kind, address, protocol, port, ...row }) => ({
    ...row,
    text: [kind, address, protocol && `${protocol}/${port}`].filter(Boolean).join(' '),
  }));
}

/** The service intervals of a group: `address port from–to`, times as ISO 8601. */
export async function selectIntervals({ system }: Database, groupId: string): Promise<string[]> {
  const rows = await system
    .selectFrom('service_intervals')
    .selectAll()
    .where('group_id', '=', groupId)
    .orderBy('address')
    .orderBy('port')
    .orderBy('valid_from')
    .execute();
  return rows.map(
    ({ address, port, valid_from, valid_to }) =>
      `${address} ${port} ${valid_from.toISOString()}–${valid_to?.toISOString() ?? 'now'}`,
  );
}

/** The status of each host of a group, as it is told. */
export async function selectStatuses({ system }: Database, groupId: string) {
  const rows = await system
    .selectFrom('hosts as h')
    .select(['h.address', sql<number>`${sql.raw(toldStatus('h'))}`.as('status')])
    .where('h.group_id', '=', groupId)
    .orderBy('h.address')
    .execute();
  return Object.fromEntries(rows.map(({ address, status }) => [address, status]));
}

/** How many rows all tables have written so far (inserted, updated, deleted). */
export async function selectRowsWritten({ pool }: Database): Promise<number> {
  await pool.query('select pg_stat_force_next_flush()');
  const { rows } = await pool.query(
    'select sum(n_tup_ins + n_tup_upd + n_tup_del)::int as written from pg_stat_user_tables',
  );
  return rows[0].written;
}

/** How many statements wait for a lock. */
export async function selectWaiting({ pool }: Database): Promise<number> {
  const { rowCount } = await pool.query(
    `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return rowCount ?? 0;
}
