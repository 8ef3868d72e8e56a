import {
  CSV_LISTS,
  type CsvList,
  EXPORT_FORMATS,
  type ExportFormat,
} from '@netdelta/core/api/export.ts';
import { Command, Option } from 'commander';
import type { Database } from '../db/database.ts';
import { withExistingDatabase } from '../db/open-existing.ts';
import { openSiteSnapshot } from '../db/site-snapshot.ts';
import { type ExportWish, writeExport } from '../exports/write-export.ts';
import { readVersion } from '../read-version.ts';
import { openSink } from './export/open-sink.ts';
import { describeMissingGroup, describeSites } from './replay/describe-missing.ts';
import { selectGroup, selectGroupNames, selectSites } from './replay/queries.ts';
import { withConfig } from './run-roles.ts';
import type { Surroundings } from './surroundings.ts';

interface ExportOptions {
  readonly site?: string;
  readonly group?: string;
  readonly format: ExportFormat;
  readonly what: CsvList;
  readonly withDetails?: true;
  readonly output?: string;
}

const HELP = `
  ndjson  everything, for another NetDelta ("netdelta import") or a program: docs/export.md
  csv     one list: hosts, open services, deltas or scans
  xml     what is believed now, as nmap writes it: for nmap's own tools, and for "netdelta diff"

All of it is of one instant, however long it takes, and works while NetDelta runs. Nothing is held
in memory but a piece. People, passwords and mails are never exported; the recipients of a group are.
A file takes its name when it is whole, and only you may read it. Who stops reading ends it (0).
Ctrl-C ends it (3), and a file that was begun is removed.
Exit codes: 0 fine, 2 wrong use, 3 no database, cannot be written, or stopped.`;

/** Makes `netdelta export`: takes everything of a site or group along, in one of three forms. */
export function createExportCommand(surroundings: Surroundings): Command {
  return new Command('export')
    .description('write everything of a site or group: NDJSON, CSV or nmap XML')
    .option('--site <slug>', 'the site; may be left out where there is only one')
    .option('--group <name>', 'only this group, by name or id')
    .addOption(new Option('--format <form>', 'the form').choices(EXPORT_FORMATS).default('ndjson'))
    .addOption(
      new Option('--what <list>', 'csv: what it lists').choices(CSV_LISTS).default('hosts'),
    )
    .option('--with-details', 'ndjson: with what each shard saw, to be judged anew elsewhere')
    .option('-o, --output <file>', 'the file; without it, standard output')
    .addHelpText('after', HELP)
    .action((options: ExportOptions) =>
      withConfig(surroundings, (config, log) =>
        withExistingDatabase(config, log, (database) =>
          exportSite(database, options, surroundings),
        ),
      ),
    );
}

async function exportSite(
  database: Database,
  options: ExportOptions,
  surroundings: Surroundings,
): Promise<number> {
  const { complain } = surroundings;
  const sites = await selectSites(database, options.site);
  const [site] = sites;
  if (!site || sites.length > 1) {
    complain(describeSites(options.site, sites));
    return 2;
  }
  const snapshot = await openSiteSnapshot(database, site.id);
  const { signal } = surroundings;
  signal.addEventListener('abort', snapshot.close, { once: true });
  try {
    const wanted = options.group;
    const group = wanted === undefined ? null : await selectGroup(snapshot.tx, wanted);
    if (wanted !== undefined && !group) {
      complain(describeMissingGroup(wanted, await selectGroupNames(snapshot.tx)));
      return 2;
    }
    const { format, what, withDetails = false } = options;
    const wish: ExportWish = {
      ...{ site, group: group ?? null, timeZone: site.timeZone, format, what, filter: {} },
      ...{ details: withDetails, version: await readVersion() },
    };
    const sink = openSink(options.output, surroundings);
    const problem = await sink.fill(writeExport(snapshot, wish));
    if (problem) complain(problem);
    return problem ? 3 : 0;
  } finally {
    signal.removeEventListener('abort', snapshot.close);
    await snapshot.close();
  }
}
