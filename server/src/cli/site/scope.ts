import { readFile } from 'node:fs/promises';
import { type ScopeEntryView, scopeRequest } from '@netdelta/core/api/scope.ts';
import { dayAt } from '@netdelta/core/scope/day.ts';
import type { ScopeLayer } from '@netdelta/core/scope/scope.ts';
import type { Command } from 'commander';
import type { Database } from '../../db/database.ts';
import {
  addToScope,
  presentEntry,
  removeFromScope,
  type ScopeEdit,
} from '../../sites/edit-scope.ts';
import { selectScopeEntries } from '../../sites/scope-queries.ts';
import { printable } from '../looks/printable.ts';
import { requireSite } from '../people/find.ts';
import { runOnDatabase, WrongUse } from '../people/run-on-database.ts';
import type { Surroundings } from '../surroundings.ts';
import { asCommand, sourceOfCommand } from './as-command.ts';

const HELP = `
As long as a site has no entry, its groups may name any address. From the first one on only what
entries hold is asked, each until its last day; a scan of anything else is refused before it sends
a packet. With --platform an entry is laid upon the site: its own people cannot change or widen it.`;

/** Adds `netdelta site scope`: what a site is authorised to scan, by whom, and until when. */
export function addScopeCommands(site: Command, surroundings: Surroundings): void {
  const scope = site
    .command('scope')
    .description('what a site is authorised to scan')
    .addHelpText('after', HELP);
  scope
    .command('list <site>')
    .description('all authorisations, with their ids')
    .option('--json', 'print JSON')
    .action((slug: string, { json }: { json?: true }) =>
      runOnDatabase(surroundings, async (database) => {
        const entries = await list(database, slug);
        if (json) surroundings.print(JSON.stringify(entries, null, 2));
        else for (const entry of entries) surroundings.print(printable(describe(entry)));
      }),
    );
  scope
    .command('add <site> [target...]')
    .description('authorise addresses, CIDRs, ranges and host names')
    .option('--file <file>', 'with targets, one a line, as in a group')
    .requiredOption('--authorised-by <words>', 'whose word it is: a person, a contract, a ticket')
    .option('--until <day>', 'the last day on which it holds, such as 2027-03-31')
    .option('--note <words>', 'what else is to be known of it', '')
    .option('--platform', "lay it upon the site: the site's own people cannot change it")
    .action((slug: string, targets: string[], options: AddOptions) =>
      runOnDatabase(surroundings, async (database) => {
        const entry = await add(database, { slug, targets, options });
        surroundings.print(printable(describe(entry)));
      }),
    );
  scope
    .command('remove <site> <id>')
    .description('take an authorisation back, whoever gave it')
    .action((slug: string, id: string) =>
      runOnDatabase(surroundings, async (database) => {
        const found = (await list(database, slug)).find((entry) => entry.id === id);
        if (!found) throw new WrongUse(`The scope of "${slug}" has no entry ${id}.`);
        await editAs(database, { slug, laidBy: found.laidBy }, (edit) => removeFromScope(edit, id));
        surroundings.complain(`Took back ${printable(describe(found))}`);
      }),
    );
}

interface AddOptions {
  readonly file?: string;
  readonly authorisedBy: string;
  readonly until?: string;
  readonly note: string;
  readonly platform?: true;
}

async function list(database: Database, slug: string): Promise<ScopeEntryView[]> {
  const site = await requireSite(database, slug);
  const rows = await selectScopeEntries(database.system, site.id);
  return rows.map((row) => presentEntry(row, dayAt(Date.now(), site.timeZone)));
}

async function add(
  database: Database,
  { slug, targets, options }: { slug: string; targets: readonly string[]; options: AddOptions },
): Promise<ScopeEntryView> {
  const { file, authorisedBy, until = null, note, platform } = options;
  const read = file === undefined ? '' : await readTargets(file);
  const request = scopeRequest.safeParse({
    targets: [...targets, read].join('\n'),
    ...{ authorisedBy, validUntil: until, note },
  });
  if (!request.success)
    throw new WrongUse(
      request.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n'),
    );
  const laidBy = platform ? 'platform' : 'site';
  return editAs(database, { slug, laidBy }, (edit) => addToScope(edit, request.data));
}

async function readTargets(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new WrongUse(`${file} cannot be read (${(error as Error).message}).`);
  }
}

async function editAs<T>(
  database: Database,
  { slug, laidBy }: { slug: string; laidBy: ScopeLayer },
  work: (edit: ScopeEdit) => Promise<T>,
): Promise<T> {
  const site = await requireSite(database, slug);
  const today = dayAt(Date.now(), site.timeZone);
  const place = { siteId: site.id, siteName: site.name, laidBy, today, source: sourceOfCommand() };
  return asCommand(() => database.system.transaction().execute((tx) => work({ tx, ...place })));
}

function describe(entry: ScopeEntryView): string {
  const { id, laidBy, targets, authorisedBy, validUntil, daysLeft } = entry;
  const end = validUntil === null ? '' : `, until ${validUntil}`;
  const expired = daysLeft !== null && daysLeft < 0 ? ' (expired)' : '';
  const short = targets.trim().replaceAll(/\s+/g, ' ');
  const shown = short.length > 60 ? `${short.slice(0, 60)}…` : short;
  return `${id}  ${laidBy}  ${shown}  by ${authorisedBy}${end}${expired}`;
}
