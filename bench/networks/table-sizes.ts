import type { Pool } from 'pg';

/** What a table takes, in bytes. */
export interface TableSize {
  readonly table: string;
  readonly rows: number;
  /** The rows themselves, with the free places between them. */
  readonly heap: number;
  /** Large values, kept apart from their rows. */
  readonly toast: number;
  readonly indexes: number;
}

const LEAST_BYTES = 128 * 1024;

/** The tables of more than 128 kB, the largest first; vacuumed and counted. */
export async function listTables(pool: Pool): Promise<TableSize[]> {
  await pool.query('vacuum analyze');
  const { rows } = await pool.query<TableSize>(
    `select c.relname as table, c.reltuples::float as rows, pg_indexes_size(c.oid)::float as indexes,
       coalesce(pg_total_relation_size(nullif(c.reltoastrelid, 0)), 0)::float as toast,
       (pg_total_relation_size(c.oid) - pg_indexes_size(c.oid)
         - coalesce(pg_total_relation_size(nullif(c.reltoastrelid, 0)), 0))::float as heap
     from pg_class as c
     where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and pg_total_relation_size(c.oid) > $1
     order by pg_total_relation_size(c.oid) desc`,
    [LEAST_BYTES],
  );
  return rows;
}
