import { Command } from 'commander';
import { runRoles } from './run-roles.ts';
import type { Surroundings } from './surroundings.ts';

/** Makes `netdelta api`: pages and API alone; scans are made by workers on the same database. */
export function createApiCommand(surroundings: Surroundings): Command {
  return new Command('api')
    .description('run the pages and the API on the database of DATABASE_URL')
    .action(() => runRoles({ api: true, worker: false, migrates: false }, surroundings));
}
