import { Command } from 'commander';
import { runRoles } from './run-roles.ts';
import type { Surroundings } from './surroundings.ts';

/** Makes `netdelta worker`: scans, mails and schedules, any number of them on one database. */
export function createWorkerCommand(surroundings: Surroundings): Command {
  return new Command('worker')
    .description('run a worker (scans, mails, schedules) on the database of DATABASE_URL')
    .action(() => runRoles({ api: false, worker: true, migrates: false }, surroundings));
}
