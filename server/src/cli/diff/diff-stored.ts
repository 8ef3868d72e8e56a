import type { InstantView } from '@netdelta/core/api/past.ts';
import { describeMoment } from '@netdelta/core/delta/describe-moment.ts';
import type { Database, SiteTransaction } from '../../db/database.ts';
import { withExistingDatabase } from '../../db/open-existing.ts';
import {
  beginComparison,
  type HostDifference,
  type InstantPair,
  selectDifferences,
} from '../../deltas/past/compare-instants.ts';
import { type FoundInstants, findInstants } from '../../deltas/past/find-instants.ts';
import { presentDifference, presentTarget } from '../../deltas/past/present-difference.ts';
import { sumUpEdits, type TargetDifference } from '../../deltas/past/sum-up-edits.ts';
import { describeChanges } from '../looks/describe-changes.ts';
import { printable } from '../looks/printable.ts';
import { describeMissingGroup, describeSites } from '../replay/describe-missing.ts';
import { selectGroup, selectGroupNames, selectSites } from '../replay/queries.ts';
import { withConfig } from '../run-roles.ts';
import type { Surroundings } from '../surroundings.ts';

/** Two instants of a server, as somebody wrote them (core/past/read-instant). */
export interface StoredDiff {
  readonly before: string;
  readonly after: string;
  /** The site's slug; may be left out where there is only one. */
  readonly site?: string | undefined;
  /** The group's name or id; none: the whole site. */
  readonly group?: string | undefined;
  /** One JSON object, instead of lines for a person. */
  readonly json?: boolean | undefined;
}

const AT_ONCE = 500;

/**
 * Says what changed between two stored scans or instants of a server, while it runs or not; reads
 * only. Page by page, however much it is. Exits with 0: no difference, 1: differences, 2: wrong use,
 * 3: no database, or stopped.
 */
export function diffStored(asked: StoredDiff, surroundings: Surroundings): Promise<void> {
  return withConfig(surroundings, (config, log) =>
    withExistingDatabase(config, log, (database) => diff(database, asked, surroundings)),
  );
}

type Site = Awaited<ReturnType<typeof selectSites>>[number];

async function diff(
  database: Database,
  asked: StoredDiff,
  surroundings: Surroundings,
): Promise<number> {
  const sites = await selectSites(database, asked.site);
  const [site] = sites;
  if (!site || sites.length > 1) {
    surroundings.complain(describeSites(asked.site, sites));
    return 2;
  }
  return database.withSite(site.id, (tx) => diffSite(tx, { ...asked, site }, surroundings));
}

async function diffSite(
  tx: SiteTransaction,
  { site, ...asked }: Omit<StoredDiff, 'site'> & { readonly site: Site },
  surroundings: Surroundings,
): Promise<number> {
  const { complain } = surroundings;
  const group = asked.group === undefined ? undefined : await selectGroup(tx, asked.group);
  if (asked.group !== undefined && !group) {
    complain(describeMissingGroup(asked.group, await selectGroupNames(tx)));
    return 2;
  }
  const written = { A: asked.before, B: asked.after };
  const now = new Date().toISOString();
  const { timeZone } = site;
  const found = await findInstants(tx, { written, groupId: group?.id, timeZone, now });
  if (!found.ok) for (const { path, message } of found.problems) complain(`${path}: ${message}`);
  if (!found.ok) return 2;
  const report = asked.json ? createJson : createText;
  return tell(tx, found, { timeZone, signal: surroundings.signal, ...report(surroundings) });
}

/** What says a comparison, part by part. */
interface Report {
  readonly begin: (instants: Instants, targets: readonly TargetDifference[]) => void;
  readonly tell: (item: HostDifference, pair: InstantPair, timeZone: string) => void;
  readonly end: (sum: Sum) => void;
}

interface Instants {
  readonly timeZone: string;
  readonly from: InstantView;
  readonly to: InstantView;
}

interface Sum {
  readonly changes: number;
  readonly hosts: number;
  readonly gaps: number;
}

async function tell(
  tx: SiteTransaction,
  { instants, groupId }: FoundInstants<'A' | 'B'> & { readonly ok: true },
  { timeZone, signal, ...report }: Report & { timeZone: string; signal: AbortSignal },
): Promise<number> {
  const pair = { from: instants.A.at, to: instants.B.at, groupId };
  const comparison = await beginComparison(tx, pair);
  const targets = await sumUpEdits(tx, comparison);
  report.begin({ from: instants.A, to: instants.B, timeZone }, targets);
  const sum = { changes: targets.length, hosts: 0, gaps: 0 };
  let beyond: Parameters<typeof selectDifferences>[2]['beyond'];
  do {
    signal.throwIfAborted();
    const { items, next } = await selectDifferences(tx, comparison, { beyond, limit: AT_ONCE });
    for (const item of items) {
      report.tell(item, pair, timeZone);
      sum.changes += item.changes.length;
      sum.gaps += item.gaps.length;
      if (item.changes.length > 0) sum.hosts += 1;
    }
    beyond = next ?? undefined;
  } while (beyond);
  report.end(sum);
  return sum.changes > 0 ? 1 : 0;
}

/** As the comparison of two files says it: `+` is there in B and was not in A, `-` the reverse. */
function createText({ print }: Surroundings): Report {
  return {
    begin: ({ from, to, timeZone }, targets) => {
      print(`- ${describeInstant(from, timeZone)}`);
      print(`+ ${describeInstant(to, timeZone)}`);
      print('');
      for (const { kind, sentence } of targets.map(presentTarget))
        print(printable(`${kind === 'target.added' ? '+' : '-'} ${sentence}`));
    },
    tell: (item, pair, timeZone) => {
      for (const line of describeChanges({ deltas: item.changes }, [item])) print(line);
      for (const { sentence } of presentDifference(item, pair, timeZone).gaps)
        print(printable(`# ${sentence}: not compared`));
    },
    end: ({ changes }) => print(changes > 0 ? `# differences: ${changes}` : '# no differences'),
  };
}

function describeInstant({ at, scanId }: InstantView, timeZone: string): string {
  return `${describeMoment(at, timeZone)}${scanId ? ` (scan ${scanId})` : ''}`;
}

/** One object, `{from, to, targets, hosts, counts}` as the API has them; written host by host. */
function createJson({ print }: Surroundings): Report {
  let comma = '';
  return {
    begin: ({ from, to }, targets) => {
      const head = JSON.stringify({ from, to, targets: targets.map(presentTarget) });
      print(`${head.slice(0, -1)},"hosts":[`);
    },
    tell: (item, pair, timeZone) => {
      print(`${comma}${JSON.stringify(presentDifference(item, pair, timeZone))}`);
      comma = ',';
    },
    end: (sum) => print(`], "counts": ${JSON.stringify(sum)}}`),
  };
}
