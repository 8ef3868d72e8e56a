import { type SiteQuotas, siteQuotas } from '@netdelta/core/api/site.ts';
import type { Command } from 'commander';
import type { Database } from '../../db/database.ts';
import { selectQuotas } from '../../sites/quota-queries.ts';
import { setQuotas } from '../../sites/set-quotas.ts';
import { requireSite } from '../people/find.ts';
import { runOnDatabase, WrongUse } from '../people/run-on-database.ts';
import type { Surroundings } from '../surroundings.ts';
import { asCommand, sourceOfCommand } from './as-command.ts';
import { withQueue } from './with-queue.ts';

const HELP = `
Without an option it only says what is granted. A site that holds more than it may keeps that; it may
become no larger. Scans beyond --running-scans wait for one to end.`;

interface SetOptions {
  readonly targetLimit?: string;
  readonly groupLimit?: string;
  readonly runningScans?: string;
  readonly imports?: string;
  readonly json?: true;
}

/** Adds `netdelta site set`: what the platform grants a site. */
export function addSetCommand(site: Command, surroundings: Surroundings): void {
  site
    .command('set <site>')
    .description('quotas of a site: how much it may hold, and do at once')
    .option('--target-limit <n>', 'addresses and host names in all of its groups, 1 to 1,000,000')
    .option('--group-limit <n>', 'groups, 1 to 100,000')
    .option('--running-scans <n>', 'scans that run at once, 1 to 1,000, or none for no limit')
    .option('--imports <n>', 'imports by API at once, 1 to 50, in each process that serves it')
    .option('--json', 'print JSON')
    .addHelpText('after', HELP)
    .action((slug: string, options: SetOptions) =>
      runOnDatabase(surroundings, async (database) => {
        const quotas = await set(database, slug, options);
        if (options.json) surroundings.print(JSON.stringify(quotas, null, 2));
        else for (const line of describe(quotas)) surroundings.print(line);
      }),
    );
}

async function set(database: Database, slug: string, options: SetOptions): Promise<SiteQuotas> {
  const site = await requireSite(database, slug);
  const quotas = readQuotas(options);
  if (Object.keys(quotas).length === 0) return selectQuotas(database.system, site.id);
  return withQueue(database, (queue) =>
    asCommand(() => setQuotas({ database, queue }, slug, { quotas, source: sourceOfCommand() })),
  );
}

/** What was given; a number that cannot be is wrong use. */
function readQuotas(options: SetOptions): Partial<SiteQuotas> {
  const { targetLimit, groupLimit, runningScans, imports } = options;
  const given = {
    ...(targetLimit !== undefined && { targetLimit: Number(targetLimit) }),
    ...(groupLimit !== undefined && { groupLimit: Number(groupLimit) }),
    ...(runningScans !== undefined && {
      runningScanLimit: runningScans === 'none' ? null : Number(runningScans),
    }),
    ...(imports !== undefined && { importLimit: Number(imports) }),
  };
  const read = siteQuotas.partial().safeParse(given);
  if (read.success) return given;
  const words = read.error.issues.map(
    ({ path, message }) => `${OPTIONS[String(path[0])]}: ${message}`,
  );
  throw new WrongUse(words.join('\n'));
}

const OPTIONS: Readonly<Record<string, string>> = {
  targetLimit: '--target-limit',
  groupLimit: '--group-limit',
  runningScanLimit: '--running-scans',
  importLimit: '--imports',
};

function describe(quotas: SiteQuotas): string[] {
  const { targetLimit, groupLimit, runningScanLimit, importLimit } = quotas;
  return [
    `addresses and names in all groups  ${targetLimit}`,
    `groups                             ${groupLimit}`,
    `scans at once                      ${runningScanLimit ?? 'no limit'}`,
    `imports by API at once             ${importLimit}`,
  ];
}
