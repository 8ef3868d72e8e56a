import type { Pool } from 'pg';

const RealDate = Date;

/** Lets this process and a database live at another time, from which both go on as fast as always. */
export interface OtherTime {
  /** From now on it is `at`; `pool`: of the same database, opened later. */
  readonly move: (pool: Pool, at: Date) => Promise<void>;
  readonly end: () => void;
}

/**
 * In the database now() is found in a schema that comes before Postgres's own; here `new Date()` and
 * Date.now() are replaced. What measures (performance.now) stays as it is. Needs connections that are
 * opened afterwards.
 */
export async function createOtherTime(pool: Pool): Promise<OtherTime> {
  await pool.query(`
    create schema other_time;
    create table other_time.clock as select now() as at, now() as since;
    create function other_time.now() returns timestamptz language sql stable
      as 'select at + (pg_catalog.now() - since) from other_time.clock';
    grant usage on schema other_time to netdelta_app;
    grant select on other_time.clock to netdelta_app;
    alter table scans alter created_at set default other_time.now();
    alter table notifications alter created_at set default other_time.now();
    alter database postgres set search_path = other_time, public, pg_catalog`);
  let offset = 0;
  class MovedDate extends RealDate {
    constructor(...given: [] | [number | string | Date]) {
      super(given.length === 0 ? MovedDate.now() : given[0]);
    }
    static override now() {
      return RealDate.now() + offset;
    }
  }
  globalThis.Date = MovedDate as DateConstructor;
  return {
    move: async (later, at) => {
      offset = at.getTime() - RealDate.now();
      await later.query('update other_time.clock set at = $1, since = pg_catalog.now()', [at]);
    },
    end: () => {
      globalThis.Date = RealDate;
    },
  };
}
