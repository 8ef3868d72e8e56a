import { Kysely, PostgresDialect, sql } from 'kysely';
import type { PoolClient } from 'pg';
import { to } from 'pg-copy-streams';
import { type Database, enterSite, type SiteTransaction } from './database.ts';
import type { Tables } from './tables.ts';

/** One site as it was at one instant, however long it is read: a transaction that only reads. */
export interface SiteSnapshot {
  readonly tx: SiteTransaction;
  /** ISO 8601 */
  readonly at: string;
  /** Text for a COPY, which takes no parameters. */
  readonly quote: (value: string) => string;
  /**
   * What `copy (<query>) to stdout` says, as the database says it; answers the number of rows. One
   * at a time, and nothing else meanwhile. Whoever stops reading has to close the snapshot.
   */
  readonly copy: (query: string) => AsyncGenerator<Buffer, number>;
  /** Ends it, also in the middle of a copy: that fails then, and its connection goes. */
  readonly close: () => Promise<void>;
}

/** Opens a consistent view of one site on a connection of its own. Close it. */
export async function openSiteSnapshot(database: Database, siteId: string): Promise<SiteSnapshot> {
  const client = await database.pool.connect();
  const state = { copying: false };
  // A connection that breaks is told by the query that waits for it.
  const ignore = () => undefined;
  client.on('error', ignore);
  const release = (destroy: boolean) => {
    client.off('error', ignore);
    client.release(destroy);
  };
  try {
    const kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: poolOf(client) }) });
    const tx = await kysely
      .startTransaction()
      .setIsolationLevel('repeatable read')
      .setAccessMode('read only')
      .execute();
    await enterSite(tx, siteId);
    const at = await settle(tx);
    return {
      tx,
      at,
      quote: (value) => client.escapeLiteral(value),
      copy: (query) => copyOut(client, state, query),
      close: once(async () => {
        const { copying } = state;
        if (copying) await cancel(database, client);
        else await tx.rollback().execute();
        release(copying);
      }),
    };
  } catch (error) {
    release(true);
    throw error;
  }
}

/** Whoever asks for it again waits for the first time. */
function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => {
    done ??= work();
    return done;
  };
}

/** Ends the query of a connection, also one that has nothing to say for long. */
async function cancel({ system }: Database, client: PoolClient): Promise<void> {
  const { processID } = client as PoolClient & { readonly processID: number | null };
  await sql`select pg_cancel_backend(${processID})`.execute(system);
}

/** A pool of one connection, which it does not give away. */
function poolOf(client: PoolClient) {
  const held = new Proxy(client, {
    get: (target, name) => {
      if (name === 'release') return () => undefined;
      const value = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return { connect: async () => held, end: async () => undefined, options: {} };
}

/** Rows come in the order of their index: at once, and without a sort that needs room for all of them. */
async function settle(tx: SiteTransaction): Promise<string> {
  const { rows } = await sql<{ at: string }>`select to_json(now())#>>'{}' as at,
    set_config('timezone', 'UTC', true), set_config('enable_sort', 'off', true),
    set_config('statement_timeout', '0', true)`.execute(tx);
  return new Date(rows[0]?.at ?? '').toISOString();
}

async function* copyOut(
  client: PoolClient,
  state: { copying: boolean },
  query: string,
): AsyncGenerator<Buffer, number> {
  state.copying = true;
  const stream = client.query(to(`copy (${query}) to stdout`));
  for await (const chunk of stream) yield chunk as Buffer;
  state.copying = false;
  return stream.rowCount;
}
