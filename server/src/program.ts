import { Command, CommanderError } from 'commander';
import type { Surroundings } from './cli/surroundings.ts';

type CreateCommand = (surroundings: Surroundings) => Command;

/** All commands, one line each. Loaded when they are run: most need the whole server, some nothing of it. */
const COMMANDS: Readonly<Record<string, () => Promise<CreateCommand>>> = {
  start: async () => (await import('./cli/start.ts')).createStartCommand,
  api: async () => (await import('./cli/api.ts')).createApiCommand,
  worker: async () => (await import('./cli/worker.ts')).createWorkerCommand,
  migrate: async () => (await import('./cli/migrate.ts')).createMigrateCommand,
  scan: async () => (await import('./cli/scan.ts')).createScanCommand,
  diff: async () => (await import('./cli/diff.ts')).createDiffCommand,
  export: async () => (await import('./cli/export.ts')).createExportCommand,
  import: async () => (await import('./cli/import.ts')).createImportCommand,
  replay: async () => (await import('./cli/replay.ts')).createReplayCommand,
  retention: async () => (await import('./cli/retention.ts')).createRetentionCommand,
  user: async () => (await import('./cli/user.ts')).createUserCommand,
  site: async () => (await import('./cli/site.ts')).createSiteCommand,
  audit: async () => (await import('./cli/audit.ts')).createAuditCommand,
  scripts: async () => (await import('./cli/scripts.ts')).createScriptsCommand,
  secrets: async () => (await import('./cli/secrets.ts')).createSecretsCommand,
  'api-key': async () => (await import('./cli/api-key.ts')).createApiKeyCommand,
  doctor: async () => (await import('./cli/doctor.ts')).createDoctorCommand,
  playground: loadPlayground,
};

const EXIT_CODES = `
Exit codes: 0 fine, 1 changes found, 2 wrong use or input, 3 failure of the outside.`;

/** The command line of NetDelta, with the one command that is meant, or with all when none is. */
async function createProgram(
  [first = '']: readonly string[],
  surroundings: Surroundings,
  version: string,
): Promise<Command> {
  const program = new Command('netdelta')
    .description(
      'What is reachable on your networks and what changed, with evidence and without noise.',
    )
    .version(version)
    .addHelpText('after', EXIT_CODES)
    .exitOverride();
  for (const load of chooseCommands(first)) {
    const create = await load();
    program.addCommand(inherit(create(surroundings), program));
  }
  return program;
}

/** Wrong use of a command's own commands ends in the same way as its own. */
export function inherit(command: Command, parent: Command): Command {
  command.copyInheritedSettings(parent);
  for (const child of command.commands) inherit(child, command);
  return command;
}

function chooseCommands(first: string): readonly (() => Promise<CreateCommand>)[] {
  if (first === '--version' || first === '-V') return [];
  const meant = Object.hasOwn(COMMANDS, first) ? COMMANDS[first] : undefined;
  return meant ? [meant] : Object.values(COMMANDS);
}

/** Runs one command line (without node and script). commander explains wrong use itself. */
export async function runProgram(
  args: readonly string[],
  surroundings: Surroundings,
  version: string,
): Promise<void> {
  try {
    const program = await createProgram(args, surroundings, version);
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    surroundings.exit(error.exitCode === 0 ? 0 : 2);
  }
}

async function loadPlayground(): Promise<CreateCommand> {
  const [{ createPlaygroundCommand }, { parseConfig }] = await Promise.all([
    import('./cli/playground.ts'),
    import('./config.ts'),
  ]);
  const dataDir = ({ environment }: Surroundings) => {
    const { NETDELTA_DATA_DIR } = environment;
    const outcome = parseConfig({ NETDELTA_DATA_DIR });
    if (!outcome.ok) throw new Error(outcome.problems.join('\n'));
    return outcome.config.dataDir;
  };
  return (surroundings) =>
    createPlaygroundCommand({ ...surroundings, dataDir: () => dataDir(surroundings) });
}
