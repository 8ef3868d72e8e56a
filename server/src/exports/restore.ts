import { siteSlug } from '@netdelta/core/api/accounts.ts';
import {
  EXPORT_LINE_TYPES,
  type ExportCounts,
  type ExportHead,
  type ExportLineType,
} from '@netdelta/core/api/export.ts';
import type { Transaction } from 'kysely';
import { recordAudit } from '../audit/record-audit.ts';
import { type Database, enterSite } from '../db/database.ts';
import type { Tables } from '../db/tables.ts';
import { type CheckedLine, checkLine } from './check-line.ts';
import { createProblemList, type ProblemList } from './problem-list.ts';
import { type Line, readLines } from './read-lines.ts';
import {
  countStrayIntervals,
  deleteBuiltInProfiles,
  endRestoredNew,
  insertEmptySite,
  insertMissingProfiles,
  selectPersons,
  selectSiteForUpdate,
} from './restore-queries.ts';
import { type KnownIds, restoreRow } from './restored-row.ts';
import { createRowStore, type RowStore } from './row-store.ts';

/** A line of an export may hold so many bytes: a shard with all that its engine wrote is far smaller. */
const LONGEST_LINE = 67_108_864;

export interface RestoreWish {
  /** The site that is to hold it: one without groups, or none yet. */
  readonly slug: string;
  /** The e-mail address of who shall own a site that is not there yet. */
  readonly owner?: string;
  /** The name of who restores it on this machine. */
  readonly by: string;
  readonly signal: AbortSignal;
  readonly onProgress?: (lines: number) => void;
}

/** What became of it. `problems` are the first of `count`, each with its line where it has one. */
export type RestoreOutcome =
  | {
      readonly ok: true;
      readonly head: ExportHead;
      readonly counts: ExportCounts;
      readonly made: boolean;
    }
  | { readonly ok: false; readonly problems: readonly string[]; readonly count: number };

/** Whether a file is an export, by its first line (or what there is of it). */
export function looksLikeExport(start: string): boolean {
  return /^\ufeff?\s*\{\s*"type"\s*:\s*"export"/.test(start);
}

/** Takes everything back. */
class RestoreRefused extends Error {}

/**
 * Restores an export (docs/export.md) into an empty site: all of it in one transaction, or nothing.
 * Every line is checked; ids stay as they are, but for numbers that the database gives. Whatever the
 * file says, only rows of this site are written. Schedules come in switched off.
 */
export async function restoreExport(
  database: Database,
  wish: RestoreWish,
  bytes: AsyncIterable<Uint8Array>,
): Promise<RestoreOutcome> {
  const problems = createProblemList();
  try {
    return await database.system
      .transaction()
      .execute((tx) => restore(tx, { wish, problems, bytes }));
  } catch (error) {
    if (!(error instanceof RestoreRefused)) throw error;
    const { told, count } = problems;
    return count > 0
      ? { ok: false, problems: told, count }
      : { ok: false, problems: [error.message], count: 1 };
  }
}

interface Restoring {
  readonly wish: RestoreWish;
  readonly problems: ProblemList;
  readonly bytes: AsyncIterable<Uint8Array>;
}

async function restore(tx: Transaction<Tables>, { wish, problems, bytes }: Restoring) {
  const lines = readLines(bytes, LONGEST_LINE);
  const { value: first } = await lines.next();
  const head = readHead(first ?? null, problems);
  const { siteId, made } = await findPlace(tx, wish, head);
  await enterSite(tx, siteId);
  await deleteBuiltInProfiles(tx);
  const known: KnownIds = {
    profiles: new Set(),
    groups: new Set(),
    scans: new Set(),
    coverages: new Map(),
    sightBases: new Map(),
  };
  const store = createRowStore(tx, { siteId, known, problems });
  const { counts, last } = await takeLines(lines, { wish, problems, head, known, store });
  await store.flush();
  const strays = problems.count === 0 ? await countStrayIntervals(tx) : 0;
  if (strays > 0)
    problems.add(last, [`${strays} intervals before it name hosts that are not in this file`]);
  if (problems.count > 0) throw new RestoreRefused();
  await endRestoredNew(tx, siteId);
  await insertMissingProfiles(tx, siteId);
  const subject = { kind: 'site', id: siteId, name: wish.slug };
  const after = { exportedAt: head.at, from: head.site.slug, counts };
  const actor = { kind: 'command', id: null, name: wish.by } as const;
  const source = { actor, address: null, userAgent: null };
  await recordAudit(tx, siteId, source, { action: 'facts.restored', subject, after });
  return { ok: true as const, head, counts, made };
}

function readHead(first: Line | null, problems: ProblemList): ExportHead {
  const outcome = first?.text && looksLikeExport(first.text) ? checkLine(first.text) : null;
  if (outcome?.ok && outcome.line.type === 'export') return outcome.line.row as ExportHead;
  problems.add(
    first?.number ?? 1,
    outcome?.ok === false ? outcome.problems : ['is not the first line of an export of NetDelta'],
  );
  throw new RestoreRefused();
}

async function findPlace(
  tx: Transaction<Tables>,
  { slug, owner }: RestoreWish,
  { site }: ExportHead,
): Promise<{ siteId: string; made: boolean }> {
  const found = await selectSiteForUpdate(tx, slug);
  if (found?.hasGroups)
    throw new RestoreRefused(
      `The site "${slug}" has groups already, and an export is restored into an empty site alone. Name another one with --site (it is made if there is none of that name), or delete its groups first.`,
    );
  if (found) return { siteId: found.id, made: false };
  const named = siteSlug.safeParse(slug);
  if (!named.success)
    throw new RestoreRefused(`No site can be called "${slug}": ${named.error.issues[0]?.message}.`);
  const persons = await selectPersons(tx, owner);
  const [person] = persons;
  if (!person || persons.length > 1)
    throw new RestoreRefused(describePersons(slug, owner, !!person));
  const siteId = await insertEmptySite(tx, { slug, name: site.name, ownerId: person.id });
  return { siteId, made: true };
}

function describePersons(slug: string, owner: string | undefined, several: boolean): string {
  if (several)
    return `There is no site "${slug}" yet: say who shall own it with --owner and an e-mail address.`;
  if (owner !== undefined) return `Nobody has an account here with the e-mail address ${owner}.`;
  return 'Nobody has an account here yet. Start NetDelta, make your site and your account with the link that it prints, and import into that site.';
}

interface Taking {
  readonly wish: RestoreWish;
  readonly problems: ProblemList;
  readonly head: ExportHead;
  readonly known: KnownIds;
  readonly store: RowStore;
}

/** Takes all lines after the first, and makes sure that the file is whole. */
async function takeLines(
  lines: AsyncIterable<Line>,
  taking: Taking,
): Promise<{ counts: ExportCounts; last: number }> {
  const { wish, problems } = taking;
  const counts: ExportCounts = {};
  let order = 0;
  let last = 1;
  let end: ExportCounts | null = null;
  for await (const { number, text, problem } of lines) {
    wish.signal.throwIfAborted();
    last = number;
    const outcome = problem ? { ok: false as const, problems: [problem] } : checkLine(text);
    if (end) problems.add(number, ['stands after the last line of the export']);
    else if (!outcome.ok) {
      problems.add(number, outcome.problems);
      if (outcome.line) taking.store.pass(outcome.line.type, outcome.line.row);
    } else if (outcome.line.type === 'end') end = outcome.line.row.counts as ExportCounts;
    else if (outcome.line.type === 'export') problems.add(number, ['is a first line once more']);
    else {
      const line = outcome.line as CheckedLine<ExportLineType>;
      const place = EXPORT_LINE_TYPES.indexOf(line.type);
      if (place < order) problems.add(number, [`${line.type}: stands too late in the file`]);
      order = Math.max(order, place);
      counts[line.type] = (counts[line.type] ?? 0) + 1;
      await takeLine(line, number, taking);
    }
    if (number % 10_000 === 0) wish.onProgress?.(number);
  }
  checkEnd({ end, counts, last }, problems);
  return { counts, last };
}

async function takeLine(
  { type, row }: CheckedLine<ExportLineType>,
  number: number,
  { problems, head, known, store }: Taking,
): Promise<void> {
  const restored = await restoreRow(type, row, { head, known });
  if ('problems' in restored) {
    problems.add(number, restored.problems);
    store.pass(type, row);
  } else await store.take(type, number, restored.row);
}

function checkEnd(
  { end, counts, last }: { end: ExportCounts | null; counts: ExportCounts; last: number },
  problems: ProblemList,
): void {
  if (!end) {
    const cut =
      'is the last one, but not the end of the export: the file is cut off. Export it again';
    problems.add(last, [cut]);
    return;
  }
  // What was refused above is missing here as well: one problem is enough.
  if (problems.count > 0) return;
  for (const type of EXPORT_LINE_TYPES) {
    const [told, found] = [end[type] ?? 0, counts[type] ?? 0];
    if (told !== found)
      problems.add(last, [`tells of ${told} lines of type ${type}, and the file holds ${found}`]);
  }
}
