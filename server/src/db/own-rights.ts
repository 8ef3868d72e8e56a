import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { promisify } from 'node:util';
import { EmbeddedError } from './embedded-error.ts';

const execute = promisify(execFile);

/**
 * The command that runs a program of Postgres, which refuses root: for root in a user namespace in
 * which root is nobody (files stay root's). With `bound`, it is sent SIGINT when this process dies.
 */
export function describeCommand(
  program: string,
  args: readonly string[],
  bound = false,
): [string, string[]] {
  const namespace = process.getuid?.() === 0 ? NOBODY : [];
  const bind = bound && isInstalled('setpriv') ? ['setpriv', '--pdeathsig', 'INT', '--'] : [];
  const [command = program, ...rest] = [...namespace, ...bind, program, ...args];
  return [command, rest];
}

const NOBODY = ['unshare', '--user', '--map-user=65534', '--map-group=65534'];

function isInstalled(program: string): boolean {
  return (process.env.PATH ?? '').split(':').some((folder) => {
    try {
      accessSync(`${folder}/${program}`, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** What Postgres' programs get to know: nothing of ours (PGHOST and the like would mislead them). */
export function ownEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' };
}

/** Runs one to its end. @throws EmbeddedError with what it printed. */
export async function runProgram(program: string, args: readonly string[]): Promise<void> {
  const [command, rest] = describeCommand(program, args);
  try {
    await execute(command, rest, { env: ownEnvironment() });
  } catch (error) {
    throw describeStartFailure(error instanceof Error ? error.message : String(error), error);
  }
}

/** Tells a system on which root has no way to run Postgres from every other failure. */
export function describeStartFailure(output: string, cause?: unknown): EmbeddedError {
  if (/^unshare: |unshare ENOENT/m.test(output))
    return new EmbeddedError(
      'root',
      'Postgres refuses to run as root, and this system does not let root run it as somebody else ' +
        '(user namespaces are off). Start NetDelta as an ordinary user, or set DATABASE_URL.',
      cause,
    );
  return new EmbeddedError(
    'failed',
    `The embedded Postgres does not start: ${output.trim()}`,
    cause,
  );
}
