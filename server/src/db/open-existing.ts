import { access, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Log } from '../log.ts';
import { createDatabase, type Database } from './database.ts';
import { startEmbedded } from './embedded.ts';
import { holderOf } from './folder-lock.ts';
import { requireMigrated } from './migrate.ts';
import { socketUrl } from './postmaster.ts';
import { requireReachable } from './reachable.ts';

/** Nothing has ever been stored: there is no database to look into. */
export class NoDataError extends Error {
  override readonly name = 'NoDataError';
  readonly code = 'no-data';
  readonly retryable = false;
  constructor(dataDir: string) {
    super(
      `There is no database in ${dataDir} yet. Start NetDelta once ("netdelta start"), name its folder ` +
        'with NETDELTA_DATA_DIR, or its Postgres with DATABASE_URL.',
    );
  }
}

interface Place {
  /** Null: the embedded Postgres. */
  readonly databaseUrl: string | null;
  readonly dataDir: string;
}

/**
 * Works on the database as it is, also while a NetDelta on this machine runs: then through the
 * socket of its embedded Postgres, which only its own user may open. Makes and migrates nothing.
 * @throws NoDataError, DatabaseUnreachableError, MigrationError, FolderLockedError, EmbeddedError
 */
export async function withExistingDatabase<T>(
  place: Place,
  log: Log,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const { url, stop } = await reach(place, log);
  const database = createDatabase(url, { log });
  try {
    await requireMigrated(database);
    return await work(database);
  } finally {
    await database.close();
    await stop();
  }
}

/** The embedded Postgres that a NetDelta of this data folder runs now; null when none does. */
export async function findRunning(dataDir: string): Promise<{ pid: number; url: string } | null> {
  const pid = await holderOf(dataDir);
  if (pid === null) return null;
  const folder = await readFile(path.join(dataDir, 'socket-folder'), 'utf8');
  return { pid, url: socketUrl(folder.trim()) };
}

const nothingToStop = async () => undefined;

async function reach({ databaseUrl, dataDir }: Place, log: Log) {
  if (databaseUrl) {
    await requireReachable(databaseUrl);
    return { url: databaseUrl, stop: nothingToStop };
  }
  const running = await findRunning(dataDir);
  if (running) return { url: running.url, stop: nothingToStop };
  const version = path.join(dataDir, 'postgres', 'PG_VERSION');
  await access(version).catch(() => {
    throw new NoDataError(dataDir);
  });
  return startEmbedded(dataDir, { log });
}
