import { siteRequest } from '@netdelta/core/api/accounts.ts';
import { Command } from 'commander';
import { makeSite } from '../accounts/make-site.ts';
import type { Database } from '../db/database.ts';
import { printable } from './looks/printable.ts';
import { readEmail, requireUser } from './people/find.ts';
import { selectSites } from './people/queries.ts';
import { runOnDatabase, WrongUse } from './people/run-on-database.ts';
import { addDeleteCommands } from './site/delete.ts';
import { addScopeCommands } from './site/scope.ts';
import { addSetCommand } from './site/set.ts';
import type { Surroundings } from './surroundings.ts';

const HELP = `
Works while NetDelta runs. Exit codes: 0 done, 2 wrong use or input, 3 no database.`;

/** Makes `netdelta site`: making and listing sites. */
export function createSiteCommand(surroundings: Surroundings): Command {
  const site = new Command('site')
    .description('sites: what they may scan and hold, and their end')
    .addHelpText('after', HELP);
  site
    .command('create')
    .description('make a site with its built-in profiles; prints its address')
    .requiredOption('--slug <slug>', 'the first part of its addresses: /<slug>/')
    .requiredOption('--name <name>', 'whose networks these are')
    .requiredOption('--owner <address>', 'who owns it; somebody who has an account', readEmail)
    .option('--time-zone <name>', 'IANA name, such as Europe/Berlin', 'UTC')
    .action((options: CreateOptions) =>
      runOnDatabase(surroundings, (database) => create(database, options, surroundings)),
    );
  site
    .command('list')
    .description('all sites')
    .option('--json', 'print JSON')
    .action((options: { json?: true }) =>
      runOnDatabase(surroundings, (database) => list(database, options, surroundings)),
    );
  addSetCommand(site, surroundings);
  addScopeCommands(site, surroundings);
  addDeleteCommands(site, surroundings);
  return site;
}

interface CreateOptions {
  readonly slug: string;
  readonly name: string;
  readonly owner: string;
  readonly timeZone: string;
}

async function create(
  database: Database,
  { owner, ...wanted }: CreateOptions,
  { print }: Surroundings,
): Promise<void> {
  const request = siteRequest.safeParse(wanted);
  const issues = request.error?.issues ?? [];
  if (!request.success)
    throw new WrongUse(
      issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n'),
    );
  const user = await requireUser(database, owner);
  const outcome = await makeSite(database, request.data, user.id);
  if (outcome !== 'done')
    throw new WrongUse(
      outcome.problems.map(({ path, message }) => `${path} ${message}`).join('\n'),
    );
  print(`/${request.data.slug}/`);
}

async function list(
  database: Database,
  { json }: { json?: true },
  { print }: Surroundings,
): Promise<void> {
  const sites = await selectSites(database.system);
  if (json) return print(JSON.stringify(sites, null, 2));
  for (const { slug, name, timeZone, members, state } of sites) {
    const ended = state === 'active' ? '' : `  ${state}`;
    print(printable(`/${slug}/  ${name}  ${timeZone}  ${members} members${ended}`));
  }
}
