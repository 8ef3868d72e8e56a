import type { Database, SiteTransaction } from '../../db/database.ts';
import { RequestProblem } from '../../http/request-problem.ts';
import type { RequestSite } from '../../http/site-routes.ts';
import { deriveTargets } from '../../imports/derive-targets.ts';
import { type FileOutcome, importFiles, tryImport } from '../../imports/import-files.ts';
import { type InspectedFile, inspectFile } from '../../imports/inspect-file.ts';
import { type FileOrder, orderFiles } from '../../imports/order-files.ts';
import { removeGroup } from '../../targets/save-group.ts';
import { printable } from '../looks/printable.ts';
import type { Surroundings } from '../surroundings.ts';
import {
  describeDouble,
  describeOutcome,
  describeSum,
  type ImportReport,
  presentReport,
} from './describe-import.ts';
import type { FileList } from './list-files.ts';
import { makeGroup } from './make-group.ts';
import { createProgress } from './progress.ts';

export interface ImportOptions {
  readonly group: string;
  readonly create?: true;
  readonly dryRun?: true;
  readonly at?: Date;
  readonly json?: true;
}

/** One run of the command: what was asked, and where it goes. */
export interface ImportWork {
  readonly database: Database;
  readonly site: RequestSite;
  readonly list: FileList;
  readonly options: ImportOptions;
  readonly surroundings: Surroundings;
  /** Null: it has to be made. */
  readonly group: { readonly id: string; readonly name: string } | null;
}

/** A person ended it. */
class ImportStoppedError extends Error {
  override readonly name = 'ImportStoppedError';
  readonly code = 'import-stopped';
  readonly retryable = false;
  constructor(cause: unknown) {
    super('Stopped. The scans that were told are stored, whole; the same command goes on.', {
      cause,
    });
  }
}

/** Imports listed files and tells what became of each. Answers the exit code. */
export async function runImport(work: ImportWork): Promise<number> {
  const { group, options, surroundings, site, list } = work;
  const { complain, print } = surroundings;
  const { files, problems, foreign } = await inspectAll(list);
  const order = orderFiles(files, options.at ?? null);
  const said = [...list.problems, ...problems, ...order.timeless.map(describeTimeless)];
  const name = group?.name ?? options.group;
  const report = { site: site.slug, dryRun: options.dryRun ?? false, problems: said, foreign };
  const all = { ...report, group: { name, created: group === null }, doubles: order.doubles };
  for (const problem of said) complain(printable(problem));
  const outcomes = order.dated.length > 0 ? await judgeAll(work, order) : [];
  if (outcomes === null) return 2;
  tell({ ...all, outcomes }, { json: options.json ?? false, print });
  const failed = outcomes.some(({ outcome }) => outcome === 'bad' || outcome === 'refused');
  return failed || said.length > 0 ? 2 : 0;
}

async function inspectAll({ files }: FileList) {
  const read: InspectedFile[] = [];
  const problems: string[] = [];
  let foreign = 0;
  for (const listed of files) {
    const inspection = await inspectFile(listed);
    if (inspection.ok) read.push(inspection.file);
    // What lies beside scans in a folder was not meant.
    else if (inspection.foreign && !listed.named) foreign += 1;
    else problems.push(inspection.problem);
  }
  return { files: read, problems, foreign };
}

function describeTimeless({ name }: InspectedFile): string {
  return `${name}: it does not say when its scan was. Import it alone, and say so with --at.`;
}

/** Null: the group could not be made, which was said then. */
async function judgeAll(work: ImportWork, order: FileOrder): Promise<FileOutcome[] | null> {
  const { group, surroundings } = work;
  const { complain } = surroundings;
  const targets = group ? '' : await deriveTargets(order.dated, work.site.targetLimit);
  const openGroup = async (tx: SiteTransaction) =>
    group?.id ?? (await makeGroup(tx, work.site, { name: work.options.group, targets }));
  try {
    return await (work.options.dryRun ? tryAll : importAll)(work, order, openGroup);
  } catch (error) {
    if (surroundings.signal.aborted) throw new ImportStoppedError(error);
    if (!(error instanceof RequestProblem)) throw error;
    complain(error.message);
    for (const { message } of error.problems) complain(`  ${message}`);
    return null;
  }
}

type OpenGroup = (tx: SiteTransaction) => Promise<string>;

async function tryAll(work: ImportWork, { dated }: FileOrder, openGroup: OpenGroup) {
  const { signal } = work.surroundings;
  const progress = createProgress(work.surroundings, dated);
  const run = { files: dated, signal, onProgress: progress.tell, openGroup };
  const outcomes = await tryImport(work.database, work.site.id, run).finally(progress.end);
  for (const outcome of outcomes) tellOutcome(work, outcome);
  return outcomes;
}

async function importAll(work: ImportWork, { dated }: FileOrder, openGroup: OpenGroup) {
  const { database, site, surroundings } = work;
  const groupId = await database.withSite(site.id, openGroup);
  const progress = createProgress(surroundings, dated);
  const place = { siteId: site.id, groupId, startedBy: null };
  const { signal } = surroundings;
  const run = { place, files: dated, signal, onProgress: progress.tell };
  const outcomes: FileOutcome[] = [];
  try {
    for await (const outcome of importFiles(database, run)) {
      progress.end();
      tellOutcome(work, outcome);
      outcomes.push(outcome);
    }
  } finally {
    progress.end();
    // A group that was made for files of which none is in it would be nobody's.
    const empty = !outcomes.some(({ outcome }) => outcome === 'imported');
    if (empty && !work.group) await database.withSite(site.id, (tx) => removeGroup(tx, groupId));
  }
  return outcomes;
}

function tellOutcome({ options, site, surroundings }: ImportWork, outcome: FileOutcome): void {
  const { print, complain } = surroundings;
  const lines = describeOutcome(outcome, site.timeZone).map(printable);
  const bad = outcome.outcome === 'bad' || outcome.outcome === 'refused';
  if (bad) for (const line of lines) complain(line);
  else if (!options.json) for (const line of lines) print(line);
}

function tell(
  report: ImportReport,
  { json, print }: { json: boolean; print: (line: string) => void },
): void {
  if (json) print(JSON.stringify(presentReport(report), null, 2));
  if (json) return;
  for (const double of report.doubles) print(printable(describeDouble(double)));
  if (report.foreign > 0) print(`# ${report.foreign} other files there are no scans`);
  print(describeSum(report));
}
