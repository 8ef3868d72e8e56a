import { Command, InvalidArgumentError } from 'commander';
import type { Database } from '../db/database.ts';
import { withExistingDatabase } from '../db/open-existing.ts';
import { looksLikeExport } from '../exports/restore.ts';
import { listFiles } from './import/list-files.ts';
import { type ImportOptions, runImport } from './import/run-import.ts';
import { describeMissingGroup, describeSites } from './replay/describe-missing.ts';
import { selectGroup, selectGroupNames, selectSites } from './replay/queries.ts';
import { readStart } from './restore/read-start.ts';
import { runRestore } from './restore/run-restore.ts';
import { withConfig } from './run-roles.ts';
import type { Surroundings } from './surroundings.ts';

interface CommandOptions extends Omit<ImportOptions, 'group'> {
  readonly group?: string;
  readonly site?: string;
  readonly owner?: string;
}

const HELP = `
Reads XML of nmap (-oX, -oA), and XML, JSON or lists of masscan, packed by gzip or zstd or not. Of a
folder, all below it; a glob in quotes is expanded here. Whatever their order, scans are judged in the
order of their own times, each as if NetDelta had made it then: hosts, services, deltas and ratings,
but no mails. What their silence left in doubt nobody can ask again, so it counts like that of a scan
that could not: by the group's rule.

The same file a second time changes nothing. One that cannot be read is told, and the others go on;
of one that was cut off, what is whole counts. Nothing that came before the group's newest scan can
be judged after the fact: import all of the past at once. Hosts that are no targets of the group are
left out. Works while NetDelta runs. Ctrl-C ends it after what is stored: the next run goes on.

An export of NetDelta (NDJSON, docs/export.md) is restored as a whole into --site, which must have no
groups; a site that there is not is made. All of it is stored, or nothing. Its schedules come in
switched off.

Exit codes: 0 fine, 2 wrong use, or some file was refused or cannot be read, 3 no database, or stopped.`;

/** Makes `netdelta import`: past scans become the history of a group. */
export function createImportCommand(surroundings: Surroundings): Command {
  return new Command('import')
    .description('make past scans, from files, the history of a group')
    .argument('<file...>', 'files, folders, globs; "-" for standard input')
    .option('--group <name>', 'the group, by name or id; of an export it is not needed')
    .option('--site <slug>', 'the site; may be left out where there is only one')
    .option('--owner <e-mail>', 'an export: who shall own a site that is made')
    .option('--create', 'make the group if there is none, with the targets that the files tell')
    .option('--dry-run', 'say what would come of it, and store nothing')
    .option('--at <time>', 'when the scan of the one file was that does not say it', readTime)
    .option('--json', 'print one JSON object')
    .addHelpText('after', HELP)
    .action((words: string[], options: CommandOptions) =>
      withConfig(surroundings, (config, log) =>
        withExistingDatabase(config, log, (database) =>
          importWords(database, { words, options }, surroundings),
        ),
      ),
    );
}

function readTime(text: string): Date {
  const time = new Date(text);
  if (!Number.isNaN(time.getTime()) && /^\d{4}-\d\d-\d\d/.test(text)) return time;
  throw new InvalidArgumentError('Give a time such as 2025-03-01T02:00:00Z.');
}

interface Asked {
  readonly words: readonly string[];
  readonly options: CommandOptions;
}

async function importWords(
  database: Database,
  { words, options }: Asked,
  surroundings: Surroundings,
): Promise<number> {
  const restored = await restoreWord(database, { words, options }, surroundings);
  if (restored.code !== undefined) return restored.code;
  const { complain } = surroundings;
  if (options.group === undefined) {
    complain('Name the group that shall have this history with --group.');
    return 2;
  }
  const { group: name } = options;
  const sites = await selectSites(database, options.site);
  const [site] = sites;
  if (!site || sites.length > 1) {
    complain(describeSites(options.site, sites));
    return 2;
  }
  const list = await listFiles(words, restored.input);
  try {
    const group = await database.withSite(site.id, (tx) => selectGroup(tx, name));
    if (group || options.create) {
      const asked = { ...options, group: name };
      return await runImport({
        database,
        site,
        list,
        options: asked,
        surroundings,
        group: group ?? null,
      });
    }
    const names = await database.withSite(site.id, selectGroupNames);
    complain(`${describeMissingGroup(name, names)} --create makes it.`);
    return 2;
  } finally {
    await list.discard();
  }
}

/** Restores an export, if the one word is one; if not, what was piped in is handed on. */
async function restoreWord(
  database: Database,
  { words, options: { site, owner, json } }: Asked,
  surroundings: Surroundings,
): Promise<{ code?: number; input: Surroundings['input'] }> {
  const { input, complain } = surroundings;
  const [name = ''] = words;
  // A folder, a glob, or nothing that can be read: the list of files says what it is.
  const started = words.length === 1 ? await readStart(name, input).catch(() => null) : null;
  if (!started) return { input };
  if (!looksLikeExport(started.start)) {
    if (name === '-') return { input: () => started.bytes };
    await started.close();
    return { input };
  }
  if (site === undefined) {
    complain(`${name} is an export of NetDelta. Name the site that shall hold it with --site.`);
    return { code: 2, input };
  }
  const request = {
    ...{ name, site, bytes: started.bytes },
    ...(owner !== undefined && { owner }),
    ...(json && { json }),
  };
  return { code: await runRestore(database, request, surroundings), input };
}
