import type { Kysely, Transaction } from 'kysely';
import type { Pool } from 'pg';
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
