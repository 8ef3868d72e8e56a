import { readdir, readFile } from 'node:fs/promises';
import { type Kysely, sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import type { Database } from './database.ts';
import type { Tables } from './tables.ts';

const FOLDER = new URL('./migrations/', import.meta.url);

/** The database cannot be brought to, or is not in, the shape that this program needs. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
  readonly code: 'database-newer' | 'database-older' | 'migration-failed';
  readonly retryable = false;
  constructor(code: MigrationError['code'], message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

/**
 * Brings the tables up to date, all or nothing; answers with the names of the migrations it ran.
 * Two programs that start together take turns (advisory lock).
 * @throws MigrationError when the database belongs to a newer NetDelta, or a migration fails.
 */
export async function migrate(database: Pick<Database, 'system'>): Promise<string[]> {
  await requireKnown(database.system);
  const migrator = createMigrator(database.system);
  const { error, results = [] } = await migrator.migrateToLatest();
  if (error) throw new MigrationError('migration-failed', describeFailure(error, results), error);
  return results.map(({ migrationName }) => migrationName);
}

/** @throws MigrationError when the tables are older or newer than this program. */
export async function requireMigrated(database: Pick<Database, 'system'>): Promise<void> {
  await requireKnown(database.system);
  const all = await createMigrator(database.system).getMigrations();
  const missing = all.filter(({ executedAt }) => !executedAt).map(({ name }) => name);
  if (missing.length === 0) return;
  throw new MigrationError(
    'database-older',
    `The database lacks ${missing.join(', ')}. Run "netdelta migrate" first.`,
  );
}

function createMigrator(db: Kysely<Tables>): Migrator {
  return new Migrator({ db, provider: { getMigrations: readMigrations } });
}

async function readMigrations(): Promise<Record<string, Migration>> {
  const files = (await readdir(FOLDER)).filter((file) => file.endsWith('.sql')).sort();
  const entries = files.map(async (file) => {
    const text = await readFile(new URL(file, FOLDER), 'utf8');
    const up: Migration['up'] = async (db) => {
      await sql.raw(text).execute(db);
    };
    return [file.replace('.sql', ''), { up }] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** kysely would call an unknown migration corrupt; for a person it means: the program is too old. */
async function requireKnown(db: Kysely<Tables>): Promise<void> {
  const known = Object.keys(await readMigrations());
  const unknown = (await selectRun(db)).filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  throw new MigrationError(
    'database-newer',
    `The database was made by a newer NetDelta (it has ${unknown.join(', ')}). ` +
      'Start that version, or give this one another database.',
  );
}

async function selectRun(db: Kysely<Tables>): Promise<string[]> {
  const { rows: found } = await sql`select to_regclass('kysely_migration') as there`.execute(db);
  if ((found[0] as { there: string | null }).there === null) return [];
  const { rows } = await sql<{ name: string }>`select name from kysely_migration`.execute(db);
  return rows.map(({ name }) => name);
}

function describeFailure(error: unknown, results: readonly { migrationName: string }[]): string {
  const at = results.length > 0 ? ` at ${results.at(-1)?.migrationName}` : '';
  const why = error instanceof Error ? error.message : String(error);
  return `The database could not be migrated${at}: ${why}. Nothing was changed.`;
}
