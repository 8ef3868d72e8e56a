import { once } from 'node:events';
import { createParts, type Parts } from '../app.ts';
import { type Config, parseConfig } from '../config.ts';
import { createFeatureParts, startWorkers } from '../features.ts';
import { giveUpRoot } from '../give-up-root.ts';
import { createLog, type Log } from '../log.ts';
import { readVersion } from '../read-version.ts';
import { describeUrl, type Served, settlePort, startServer } from '../serve.ts';
import type { Surroundings } from './surroundings.ts';

export interface Roles {
  /** Pages and API. */
  readonly api: boolean;
  /** Scans, mails, schedules. */
  readonly worker: boolean;
  readonly migrates: boolean;
}

/** Runs the roles until the signal is aborted, then ends everything. Tells a person all that fails. */
export function runRoles(roles: Roles, surroundings: Surroundings): Promise<void> {
  return withConfig(surroundings, async (config, log) => {
    if (!roles.migrates && !config.databaseUrl) throw new NoDatabaseError();
    const parts = await createParts(config, { log, migrates: roles.migrates, works: roles.worker });
    try {
      await startRoles(roles, parts, surroundings);
      if (!surroundings.signal.aborted) await once(surroundings.signal, 'abort');
    } finally {
      await parts.closing.close();
    }
  });
}

/** The embedded database belongs to the one process of `netdelta start`. */
class NoDatabaseError extends Error {
  readonly code = 'no-database';
  readonly retryable = false;
  constructor() {
    super(
      'DATABASE_URL is not set: this command works on a Postgres that several processes use. ' +
        'Set it, or run everything in one process with "netdelta start".',
    );
  }
}

async function startRoles(roles: Roles, parts: Parts, { print }: Surroundings): Promise<void> {
  const version = await readVersion();
  const config = roles.api ? await settlePort(parts.config) : parts.config;
  const baseUrl = describeUrl(config);
  const features = createFeatureParts({ ...parts, config }, { baseUrl, version });
  // First what may be refused: a program that cannot serve must not take jobs.
  const served = roles.api ? await startServer(features) : null;
  if (roles.worker) await startWorkers(features);
  const name = `NetDelta ${version}`;
  if (served) announce(name, served, print);
  else print(`${name} works. Ctrl-C ends it.`);
}

function announce(name: string, { url, setupLink }: Served, print: (line: string) => void): void {
  print(`${name} is ready: ${url.href}`);
  if (setupLink)
    print(`Open this link once to make your site and your account:\n  ${setupLink.href}`);
  print('Ctrl-C ends it.');
}

/**
 * Reads the environment, then does the work, which may answer an exit code of its own; 2 for a wrong
 * variable, 3 for a failure.
 */
export async function withConfig(
  { environment, complain, exit, terminal, writeLog }: Surroundings,
  work: (config: Config, log: Log) => Promise<number | undefined>,
): Promise<void> {
  const outcome = parseConfig(environment);
  if (!outcome.ok) {
    complain('NetDelta cannot start, for these variables are wrong:');
    for (const problem of outcome.problems) complain(`  ${problem}`);
    return exit(2);
  }
  const level = outcome.config.logLevel;
  const log = createLog({ level, readable: terminal, write: writeLog });
  try {
    await giveUpRoot(outcome.config);
    exit((await work(outcome.config, log)) ?? 0);
  } catch (error) {
    complain(describeFailure(error));
    exit(3);
  }
}

/** Failures that have a code of their own explain themselves; others need their stack. */
function describeFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'retryable' in error ? error.message : (error.stack ?? error.message);
}
