import { Command } from 'commander';
import { runRoles } from './run-roles.ts';
import type { Surroundings } from './surroundings.ts';

/** Makes `netdelta start`: everything in one process. */
export function createStartCommand(surroundings: Surroundings): Command {
  return new Command('start')
    .description('run everything: database, pages, API, worker, scheduler')
    .action(() => runRoles({ api: true, worker: true, migrates: true }, surroundings));
}
