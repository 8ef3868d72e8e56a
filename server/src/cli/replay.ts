import {
  DEFAULT_REPLAY_SCANS,
  differs,
  MOST_REPLAY_SCANS,
  type ReplayPolicy,
} from '@netdelta/core/api/replay.ts';
import { Command, InvalidArgumentError } from 'commander';
import type { Database } from '../db/database.ts';
import { withExistingDatabase } from '../db/open-existing.ts';
import { replayGroup } from '../deltas/replay-group.ts';
import { describeMissingGroup, describeSites } from './replay/describe-missing.ts';
import { describeView } from './replay/describe-view.ts';
import { selectGroup, selectGroupNames, selectSites } from './replay/queries.ts';
import { readPolicy } from './replay/read-policy.ts';
import { withConfig } from './run-roles.ts';
import type { Surroundings } from './surroundings.ts';

interface ReplayOptions {
  readonly site?: string;
  readonly group: string;
  readonly policy: string;
  readonly scans: number;
  readonly json?: true;
}

const HELP = `
The policy is a JSON file, for example {"downAfter": 3, "serviceDownAfter": "evidence"}:
  downAfter, serviceDownAfter   "evidence", or so many silent scans in a row, 1-10
  historyWindow                 how many scans a rating looks back, 0-100
What it leaves out stays as it was in each scan. Nothing is changed, whatever comes out, and no
packet is sent: what was asked again within a scan is what was asked then.

Lines with - were told and would not have been in that scan, lines with + the reverse, lines with
~ would have been rated otherwise, # is a remark. Works while NetDelta runs. Ctrl-C ends it.
Exit codes: 0 the same, 1 something would differ, 2 wrong use or input, 3 no database, or stopped.`;

const MOST_MS = 600_000;

/** Makes `netdelta replay`: what another policy would have told of the stored scans of a group. */
export function createReplayCommand(surroundings: Surroundings): Command {
  return new Command('replay')
    .description('say what another policy would have told of past scans; changes nothing')
    .requiredOption('--group <name>', 'the group, by name or id')
    .requiredOption('--policy <file>', 'the policy to try, a JSON file')
    .option('--site <slug>', 'the site; may be left out where there is only one')
    .option('--scans <number>', 'how many of the last scans', readScans, DEFAULT_REPLAY_SCANS)
    .option('--json', 'print one JSON object')
    .addHelpText('after', HELP)
    .action(async (options: ReplayOptions) => {
      const outcome = await readPolicy(options.policy);
      if (!outcome.ok) return refuse(surroundings, outcome.problems);
      const { policy } = outcome;
      return withConfig(surroundings, (config, log) =>
        withExistingDatabase(config, log, (database) =>
          replay(database, { ...options, policy }, surroundings),
        ),
      );
    });
}

function readScans(text: string): number {
  const scans = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (scans >= 1 && scans <= MOST_REPLAY_SCANS) return scans;
  throw new InvalidArgumentError(`Give a number from 1 to ${MOST_REPLAY_SCANS}.`);
}

function refuse({ complain, exit }: Surroundings, problems: readonly string[]): void {
  for (const problem of problems) complain(problem);
  exit(2);
}

async function replay(
  database: Database,
  options: Omit<ReplayOptions, 'policy'> & { readonly policy: ReplayPolicy },
  { print, complain, signal }: Surroundings,
): Promise<number> {
  const { policy, scans } = options;
  const sites = await selectSites(database, options.site);
  const [site] = sites;
  if (!site || sites.length > 1) {
    complain(describeSites(options.site, sites));
    return 2;
  }
  const limit = AbortSignal.any([signal, AbortSignal.timeout(MOST_MS)]);
  return database.withSite(site.id, async (tx) => {
    const group = await selectGroup(tx, options.group);
    const question = { site, groupId: group?.id ?? '', policy, scans };
    const view = group && (await replayGroup(tx, question, limit));
    if (!view) {
      complain(describeMissingGroup(options.group, await selectGroupNames(tx)));
      return 2;
    }
    if (options.json) print(JSON.stringify(view, null, 2));
    else for (const line of describeView(view, site.timeZone)) print(line);
    return differs(view.totals) ? 1 : 0;
  });
}
