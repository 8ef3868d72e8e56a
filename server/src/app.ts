import { type Closing, createClosing } from './closing.ts';
import type { Config } from './config.ts';
import { createDatabase, type Database } from './db/database.ts';
import { startEmbedded } from './db/embedded.ts';
import { createLive, type Live } from './db/live.ts';
import { migrate, requireMigrated } from './db/migrate.ts';
import { requireReachable } from './db/reachable.ts';
import type { Log } from './log.ts';
import { createQueue } from './queue/create-queue.ts';
import { migrateQueue } from './queue/migrate-queue.ts';
import type { Queue } from './queue/queue.ts';

/** Everything that features are built from. */
export interface Parts {
  readonly config: Config;
  readonly log: Log;
  readonly database: Database;
  readonly queue: Queue;
  readonly live: Live;
  /** Whoever starts something that must be ended says so here. */
  readonly closing: Closing;
}

export interface PartsOptions {
  readonly log: Log;
  /** Makes or updates the tables; otherwise they have to be as this program needs them. */
  readonly migrates: boolean;
  /** Whether this process takes jobs, or only enqueues them. */
  readonly works: boolean;
}

/** Enough for a shard's engine to end (two seconds) and its handler to give the job back. */
const QUEUE_GRACE_MS = 5_000;

/**
 * Opens the database (embedded, or the one of DATABASE_URL), the queue and the live events. When
 * one of them fails, those before it are closed again.
 * @throws DatabaseUnreachableError, MigrationError, FolderLockedError, EmbeddedError
 */
export async function createParts(config: Config, options: PartsOptions): Promise<Parts> {
  const closing = createClosing(options.log);
  try {
    return await openParts(config, options, closing);
  } catch (error) {
    await closing.close();
    throw error;
  }
}

async function openParts(
  config: Config,
  { log, migrates, works }: PartsOptions,
  closing: Closing,
): Promise<Parts> {
  const { url, database } = await openDatabase(config, log, closing);
  if (migrates) await migrateAll(url, database, log);
  else await requireMigrated(database);
  const live = await createLive(url, { log });
  closing.add('live events', live.close);
  const queue = createQueue(url, { log, works });
  await queue.start();
  closing.add('the queue', () => queue.stop(QUEUE_GRACE_MS));
  return { config, log, database, queue, live, closing };
}

/** Makes or updates the tables of `config`'s database and nothing else. Throws as `createParts`. */
export async function runMigration(config: Config, log: Log): Promise<readonly string[]> {
  const closing = createClosing(log);
  try {
    const { url, database } = await openDatabase(config, log, closing);
    return await migrateAll(url, database, log);
  } finally {
    await closing.close();
  }
}

async function openDatabase(config: Config, log: Log, closing: Closing) {
  const url = config.databaseUrl ?? (await openEmbedded(config, log, closing));
  if (config.databaseUrl) await requireReachable(url);
  const database = createDatabase(url, { log });
  closing.add('the database connections', database.close);
  return { url, database };
}

async function openEmbedded(config: Config, log: Log, closing: Closing): Promise<string> {
  const embedded = await startEmbedded(config.dataDir, { log });
  closing.add('the embedded Postgres', embedded.stop);
  return embedded.url;
}

async function migrateAll(url: string, database: Database, log: Log): Promise<readonly string[]> {
  const migrations = await migrate(database);
  await migrateQueue(url);
  if (migrations.length > 0) log.info({ migrations }, 'the database is up to date now');
  return migrations;
}
