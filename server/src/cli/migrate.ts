import { Command } from 'commander';
import { runMigration } from '../app.ts';
import { withConfig } from './run-roles.ts';
import type { Surroundings } from './surroundings.ts';

/** Makes `netdelta migrate`: prepares the database and ends. */
export function createMigrateCommand(surroundings: Surroundings): Command {
  return new Command('migrate')
    .description('make or update the tables, then end; "start" does this by itself')
    .option('--json', 'print the names of the migrations as JSON')
    .action(({ json }: { json?: true }) =>
      withConfig(surroundings, async (config, log) => {
        const migrations = await runMigration(config, log);
        surroundings.print(json ? JSON.stringify({ migrations }) : describe(migrations));
      }),
    );
}

function describe(migrations: readonly string[]): string {
  if (migrations.length === 0) return 'The database was up to date.';
  return `The database is up to date. New: ${migrations.join(', ')}.`;
}
