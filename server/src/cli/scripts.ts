import { DEFAULT_SCRIPTS, isOneScript } from '@netdelta/core/profile/scripts.ts';
import { Command, InvalidArgumentError } from 'commander';
import { PLATFORM_LOG } from '../audit/platform-log.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { Database } from '../db/database.ts';
import { selectAllowedScripts } from '../targets/script-queries.ts';
import { printable } from './looks/printable.ts';
import { runOnDatabase } from './people/run-on-database.ts';
import { selectProfilesNaming, upsertScriptRules } from './scripts/queries.ts';
import { sourceOfCommand } from './site/as-command.ts';
import type { Surroundings } from './surroundings.ts';

const HELP = `
Profiles may name these of nmap's scripts, on all sites. Without a word from you they are those of nmap's
category "safe" that only read what a service tells everybody. A script that is forbidden later is left
out of the next scans of profiles that name it, and their pages say so.
Look at what a script does before you allow it (nmap --script-help NAME): some log in, change or crash.
Works while NetDelta runs. Exit codes: 0 done, 2 wrong use, 3 no database.`;

/** Makes `netdelta scripts`: which of nmap's scripts may run. */
export function createScriptsCommand(surroundings: Surroundings): Command {
  const scripts = new Command('scripts')
    .description("which of nmap's scripts profiles may name")
    .addHelpText('after', HELP);
  scripts
    .command('list')
    .description('the scripts that are allowed')
    .option('--json', 'print JSON')
    .action((options: { json?: true }) =>
      runOnDatabase(surroundings, (database) => list(database, options, surroundings)),
    );
  for (const [name, allowed, what] of [
    ['allow', true, 'let profiles name these scripts, too'],
    ['forbid', false, 'let no profile name these scripts, and run them no more'],
  ] as const)
    scripts
      .command(name)
      .description(what)
      .argument('<names...>', 'such as ssl-enum-ciphers', readNames)
      .action((names: readonly string[]) =>
        runOnDatabase(surroundings, (database) =>
          change(database, { names, allowed }, surroundings),
        ),
      );
  return scripts;
}

async function list(
  database: Database,
  { json }: { json?: true },
  { print }: Surroundings,
): Promise<void> {
  const allowed = [...(await selectAllowedScripts(database.system))].sort();
  if (json) return print(JSON.stringify(allowed));
  for (const name of allowed)
    print(DEFAULT_SCRIPTS.includes(name) ? name : `${name}  (allowed by you)`);
  const forbidden = DEFAULT_SCRIPTS.filter((name) => !allowed.includes(name));
  for (const name of forbidden) print(`${name}  (forbidden by you)`);
}

async function change(
  database: Database,
  { names, allowed }: { names: readonly string[]; allowed: boolean },
  { complain }: Surroundings,
): Promise<void> {
  await database.system.transaction().execute(async (tx) => {
    await upsertScriptRules(tx, names, allowed);
    await recordAudit(tx, PLATFORM_LOG, sourceOfCommand(), {
      action: allowed ? 'scripts.allowed' : 'scripts.forbidden',
      subject: { kind: 'platform', id: null, name: names.join(', ') },
    });
  });
  complain(`${names.join(', ')}: ${allowed ? 'allowed' : 'forbidden'} from now on.`);
  if (allowed) return;
  for (const { site, profile } of await selectProfilesNaming(database.system, names))
    complain(printable(`The profile "${profile}" of /${site}/ names one of them: it is left out.`));
}

/** For commander, which gives one at a time. */
function readNames(name: string, before: readonly string[] = []): string[] {
  if (!isOneScript(name))
    throw new InvalidArgumentError(
      'Name single scripts, without path, ending or category, such as ssl-enum-ciphers.',
    );
  return [...before, name];
}
