import { decideCutoffs } from '@netdelta/core/retention/cutoffs.ts';
import { describeExpired } from '@netdelta/core/retention/describe-expired.ts';
import type { Expired } from '@netdelta/core/retention/storage.ts';
import { Command } from 'commander';
import type { Database } from '../db/database.ts';
import { withExistingDatabase } from '../db/open-existing.ts';
import type { Log } from '../log.ts';
import { selectPreview } from '../retention/preview-queries.ts';
import { selectRule } from '../retention/run-queries.ts';
import { runRetention } from '../retention/run-retention.ts';
import { describeSites } from './replay/describe-missing.ts';
import { selectSites } from './replay/queries.ts';
import { withConfig } from './run-roles.ts';
import type { Surroundings } from './surroundings.ts';

interface RetentionOptions {
  readonly site?: string;
  readonly dryRun?: true;
  readonly json?: true;
}

const HELP = `
Takes what the site's settings no longer keep, in small steps with pauses, as every night by itself.
Works while NetDelta runs. Ctrl-C ends it at any moment: the next run goes on with the rest.
Exit codes: 0 done, 2 wrong use, 3 no database, or stopped.`;

/** Makes `netdelta retention`: takes what has expired in a site, or says what that would be. */
export function createRetentionCommand(surroundings: Surroundings): Command {
  return new Command('retention')
    .description("take what a site's settings no longer keep, now")
    .option('--site <slug>', 'the site; may be left out where there is only one')
    .option('--dry-run', 'only say what would expire')
    .option('--json', 'print one JSON object')
    .addHelpText('after', HELP)
    .action((options: RetentionOptions) =>
      withConfig(surroundings, (config, log) =>
        withExistingDatabase(config, log, (database) =>
          tidy({ database, log }, options, surroundings),
        ),
      ),
    );
}

async function tidy(
  parts: { database: Database; log: Log },
  { site: wanted, dryRun, json }: RetentionOptions,
  { print, complain, signal }: Surroundings,
): Promise<number> {
  const sites = await selectSites(parts.database, wanted);
  const [site] = sites;
  if (!site || sites.length > 1) {
    complain(describeSites(wanted, sites));
    return 2;
  }
  const expired = dryRun
    ? await preview(parts.database, site.id)
    : ((await runRetention(parts, site.id, signal)) ?? {});
  if (json) print(JSON.stringify({ dryRun: dryRun === true, expired }));
  else print(`${describeExpired(expired)} ${dryRun ? 'would expire' : 'expired'}`);
  return 0;
}

function preview(database: Database, siteId: string): Promise<Expired> {
  return database.withSite(siteId, async (tx) => {
    const rule = await selectRule(tx, siteId);
    if (!rule) return {};
    const cutoffs = decideCutoffs(rule, new Date().toISOString());
    return selectPreview(tx, cutoffs, rule.historyWindow);
  });
}
