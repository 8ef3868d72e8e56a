import { Command, CommanderError } from 'commander';
import { createApiCommand } from './cli/api.ts';
import { createDiffCommand } from './cli/diff.ts';
import { createDoctorCommand } from './cli/doctor.ts';
import { createMigrateCommand } from './cli/migrate.ts';
import { createPlaygroundCommand } from './cli/playground.ts';
import { createReplayCommand } from './cli/replay.ts';
import { createScanCommand } from './cli/scan.ts';
import { createStartCommand } from './cli/start.ts';
import type { Surroundings } from './cli/surroundings.ts';
import { createWorkerCommand } from './cli/worker.ts';
import { parseConfig } from './config.ts';

/** All commands, one line each. */
const COMMANDS: readonly ((surroundings: Surroundings) => Command)[] = [
  createStartCommand,
  createApiCommand,
  createWorkerCommand,
  createMigrateCommand,
  createScanCommand,
  createDiffCommand,
  createReplayCommand,
  createDoctorCommand,
  (surroundings) =>
    createPlaygroundCommand({ ...surroundings, dataDir: () => dataDir(surroundings) }),
];

const EXIT_CODES = `
Exit codes: 0 fine, 1 changes found, 2 wrong use or input, 3 failure of the outside.`;

/** The command line of NetDelta. */
function createProgram(surroundings: Surroundings, version: string): Command {
  const program = new Command('netdelta')
    .description(
      'What is reachable on your networks and what changed, with evidence and without noise.',
    )
    .version(version)
    .addHelpText('after', EXIT_CODES)
    .exitOverride();
  for (const create of COMMANDS)
    program.addCommand(create(surroundings).copyInheritedSettings(program));
  return program;
}

/** Runs one command line (without node and script). commander explains wrong use itself. */
export async function runProgram(
  args: readonly string[],
  surroundings: Surroundings,
  version: string,
): Promise<void> {
  try {
    await createProgram(surroundings, version).parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    surroundings.exit(error.exitCode === 0 ? 0 : 2);
  }
}

function dataDir({ environment }: Surroundings): string {
  const { NETDELTA_DATA_DIR } = environment;
  const outcome = parseConfig({ NETDELTA_DATA_DIR });
  if (!outcome.ok) throw new Error(outcome.problems.join('\n'));
  return outcome.config.dataDir;
}
