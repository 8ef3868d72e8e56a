import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely';
import { Pool } from 'pg';
import type { Log } from '../log.ts';
import type { Tables } from './tables.ts';

/** An open transaction in which row-level security admits one site's rows alone. */
export type SiteTransaction = Transaction<Tables>;

/** The two doors to the data: `system` sees every site; `withSite` sees one. */
export interface Database {
  /** For start-up, the scheduler and the front door. Never for a request of a person. */
  readonly system: Kysely<Tables>;
  readonly pool: Pool;
  /** Runs `work` in one transaction as the application's role, with `app.site` set. */
  readonly withSite: <T>(siteId: string, work: (tx: SiteTransaction) => Promise<T>) => Promise<T>;
  readonly close: () => Promise<void>;
}

/** The role without rights of its own in which everything for one site runs (first migration). */
const APP_ROLE = 'netdelta_app';
const CONNECT_TIMEOUT_MS = 10_000;

/**
 * Opens a pool of at most 20 connections to the Postgres at `url` (also `postgresql:///db?host=/folder`).
 * Connects lazily; a connection that breaks is logged and replaced at the next query.
 */
export function createDatabase(url: string, { log }: { log: Log }): Database {
  const pool = new Pool({
    connectionString: url,
    max: 20,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    application_name: 'netdelta',
  });
  pool.on('error', (error) => log.warn({ err: error }, 'lost a connection to the database'));
  const system = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  return {
    system,
    pool,
    withSite: (siteId, work) =>
      system.transaction().execute(async (tx) => {
        await enterSite(tx, siteId);
        return work(tx);
      }),
    close: () => system.destroy(),
  };
}

/**
 * From here on a transaction works as the application's role, on the rows of this site alone. Both
 * settings end with it (`set local`), in one round trip.
 */
export async function enterSite(tx: SiteTransaction, siteId: string): Promise<void> {
  await sql`select set_config('app.site', ${siteId}, true), set_config('role', ${APP_ROLE}, true)`.execute(
    tx,
  );
}
