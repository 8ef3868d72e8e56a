import { stat } from 'node:fs/promises';
import path from 'node:path';
import { Command } from 'commander';
import { type Config, parseConfig } from '../config.ts';
import { createEngines } from '../engines/create-engines.ts';
import { createLog } from '../log.ts';
import { PAGES_FOLDER } from '../serve.ts';
import { type Check, describeCheck, failed, ok } from './doctor/check.ts';
import { checkDatabase } from './doctor/check-database.ts';
import { checkFolder } from './doctor/check-folder.ts';
import { checkMail, checkPort } from './doctor/check-network.ts';
import { decideClock, decideEngine, decideNode, decideUser } from './doctor/decide.ts';
import type { Surroundings } from './surroundings.ts';

const HELP = `
Looks and connects, but changes nothing: no mail is sent, no database started, no host scanned.
Exit codes: 0 nothing failed (warnings are not failures), 3 something failed.`;

/** Makes `netdelta doctor`: all that NetDelta needs of this machine, and what to do where it lacks. */
export function createDoctorCommand(surroundings: Surroundings): Command {
  return new Command('doctor')
    .description('say what works on this machine, what does not, and what to do')
    .option('--json', 'print one JSON object')
    .addHelpText('after', HELP)
    .action(async ({ json }: { json?: true }) => {
      const checks = await examine(surroundings.environment);
      const counts = count(checks);
      if (json) surroundings.print(JSON.stringify({ ...counts, checks }, null, 2));
      else for (const line of describe(checks, counts)) surroundings.print(line);
      surroundings.exit(counts.failed > 0 ? 3 : 0);
    });
}

async function examine(environment: NodeJS.ProcessEnv): Promise<Check[]> {
  const { config, wrong } = readEnvironment(environment);
  const log = createLog({ level: 'silent', readable: false, write: () => undefined });
  const { engines } = createEngines({ environment });
  const checks = await Promise.all([
    decideNode(process.versions.node),
    checkClock(),
    decideUser(process.geteuid?.() === 0, config.runAs),
    ...engines.map(async (engine) => decideEngine(await engine.detect())),
    checkFolder(config),
    checkDatabase(config, log),
    checkPages(),
    checkPort(config),
    checkMail(config.smtpUrl),
  ]);
  return [...wrong, ...checks.flat()];
}

/** Wrong variables are failures of their own; the rest is looked at as if they were not set. */
function readEnvironment(environment: NodeJS.ProcessEnv): { config: Config; wrong: Check[] } {
  const outcome = parseConfig(environment);
  if (outcome.ok) return { config: outcome.config, wrong: [] };
  const wrong = outcome.problems.map((problem) =>
    failed('environment', problem, 'Set it right, or leave it away.'),
  );
  const names = new Set(outcome.problems.map((problem) => problem.split(' ')[0]));
  const rest = Object.entries(environment).filter(
    ([name]) => !names.has(name) && !name.startsWith('NETDELTA_ADMIN_'),
  );
  const without = parseConfig(Object.fromEntries(rest));
  if (!without.ok) throw new Error(without.problems.join('\n'));
  return { config: without.config, wrong };
}

async function checkPages(): Promise<Check> {
  const built = await stat(path.join(PAGES_FOLDER, 'index.html')).catch(() => null);
  if (built) return ok('pages', 'built');
  return failed('pages', 'not built', 'Run: npm run build -w web');
}

async function checkClock(): Promise<Check> {
  const { mtimeMs } = await stat(import.meta.filename);
  return decideClock(Date.now(), mtimeMs);
}

type Counts = Record<Check['status'], number>;

function count(checks: readonly Check[]): Counts {
  const counts: Counts = { ok: 0, warning: 0, failed: 0 };
  for (const { status } of checks) counts[status] += 1;
  return counts;
}

function describe(checks: readonly Check[], { warning, failed: wrong }: Counts): string[] {
  return [
    ...checks.flatMap(describeCheck),
    '',
    wrong > 0
      ? `Failed: ${wrong}. Warnings: ${warning}.`
      : `NetDelta can run here. Warnings: ${warning}.`,
  ];
}
