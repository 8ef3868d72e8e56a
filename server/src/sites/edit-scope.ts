import type { ApiError } from '@netdelta/core/api/page.ts';
import type { ScopeEntryView, ScopeRequest } from '@netdelta/core/api/scope.ts';
import { daysBetween } from '@netdelta/core/scope/day.ts';
import { countAddresses } from '@netdelta/core/target/count-addresses.ts';
import { parseTargets } from '@netdelta/core/target/parse-targets.ts';
import type { Kysely } from 'kysely';
import { type AuditSource, recordAudit } from '../audit/record-audit.ts';
import type { Tables } from '../db/tables.ts';
import { notFound, RequestProblem } from '../http/request-problem.ts';
import {
  deleteScopeEntry,
  insertScopeEntry,
  lockScope,
  type ReadEntry,
  type ScopeEntryRow,
  type ScopePlace,
  selectScopeEntry,
  selectScopeSize,
  updateScopeEntry,
} from './scope-queries.ts';

/** Of one layer of a site: every shard of a scan reads all of it. */
const MOST_ENTRIES = 500;
const MOST_TARGETS = 10_000;

/** Who changes which layer of whose scope, in a transaction that may. */
export interface ScopeEdit extends ScopePlace {
  readonly tx: Parameters<typeof recordAudit>[0];
  readonly siteName: string;
  /** `2026-11-24`, by the site's calendar. */
  readonly today: string;
  readonly source: AuditSource;
}

/** Authorises targets. @throws RequestProblem with all that is wrong with them */
export async function addToScope(edit: ScopeEdit, typed: ScopeRequest): Promise<ScopeEntryView> {
  await lockScope(edit.tx, edit);
  const entry = await readEntry(edit, typed, null);
  const id = await insertScopeEntry(edit.tx, edit, entry);
  const view = await viewEntry(edit, id);
  await note(edit, 'scope.added', { before: null, after: decided(view) });
  return view;
}

/** Changes an authorisation. @throws RequestProblem with all that is wrong with it, or that there is none */
export async function editScope(
  edit: ScopeEdit,
  id: string,
  typed: ScopeRequest,
): Promise<ScopeEntryView> {
  await lockScope(edit.tx, edit);
  const before = await viewEntry(edit, id);
  const entry = await readEntry(edit, typed, id);
  await updateScopeEntry(edit.tx, edit, { id, entry });
  const view = await viewEntry(edit, id);
  await note(edit, 'scope.edited', { before: decided(before), after: decided(view) });
  return view;
}

/** Takes an authorisation back: what it alone allowed is not asked any more, from now on. */
export async function removeFromScope(edit: ScopeEdit, id: string): Promise<void> {
  await lockScope(edit.tx, edit);
  const before = await viewEntry(edit, id);
  await deleteScopeEntry(edit.tx, edit, id);
  await note(edit, 'scope.removed', { before: decided(before), after: null });
}

async function viewEntry(edit: ScopeEdit, id: string): Promise<ScopeEntryView> {
  const row = await selectScopeEntry(edit.tx as Kysely<Tables>, edit, id);
  if (!row) throw notFound('authorisation');
  return presentEntry(row, edit.today);
}

/** An entry as pages show it, on a day of the site's calendar. */
export function presentEntry(row: ScopeEntryRow, today: string): ScopeEntryView {
  return {
    id: row.id,
    laidBy: row.laid_by,
    targets: row.targets_text,
    authorisedBy: row.authorised_by,
    validUntil: row.valid_until,
    note: row.note,
    addressCount: Number(row.address_count),
    nameCount: row.name_count,
    daysLeft: row.valid_until === null ? null : daysBetween(today, row.valid_until),
    createdAt: row.created_at.toISOString(),
  };
}

/** What of an entry a person decides. */
function decided({ laidBy, targets, authorisedBy, validUntil, note: words }: ScopeEntryView) {
  return { laidBy, targets, authorisedBy, validUntil, note: words };
}

async function note(
  { tx, siteId, siteName, source }: ScopeEdit,
  action: 'scope.added' | 'scope.edited' | 'scope.removed',
  sides: { before: object | null; after: object | null },
): Promise<void> {
  const subject = { kind: 'site', id: siteId, name: siteName };
  const { before, after } = sides as { before: Record<string, unknown> | null; after: null };
  await recordAudit(tx, siteId, source, { action, subject, before, after });
}

async function readEntry(
  edit: ScopeEdit,
  { targets: text, ...typed }: ScopeRequest,
  id: string | null,
): Promise<ReadEntry> {
  const { targets, problems } = parseTargets(text);
  const all: ApiError['problems'] = problems.map((problem) => ({ path: 'targets', ...problem }));
  if (problems.length === 0 && targets.length === 0)
    all.push({ path: 'targets', message: 'name at least one address, range or host name' });
  if (typed.validUntil !== null && typed.validUntil < edit.today)
    all.push({ path: 'validUntil', message: `has passed: today is ${edit.today} here` });
  const size = await selectScopeSize(edit.tx, edit, id);
  if (size.entries >= MOST_ENTRIES)
    all.push({ path: 'targets', message: `there are ${MOST_ENTRIES} entries already: join some` });
  if (size.targets + targets.length > MOST_TARGETS)
    all.push({ path: 'targets', message: tooMany(size.targets + targets.length) });
  if (all.length > 0)
    throw new RequestProblem(400, 'bad-scope', 'The scope cannot be stored like this.', all);
  const nameCount = targets.filter(({ kind }) => kind === 'name').length;
  return { ...typed, text, targets, nameCount, addressCount: countAddresses(targets, []) };
}

function tooMany(count: number): string {
  const [would, most] = [count, MOST_TARGETS].map((one) => one.toLocaleString('en'));
  return `make ${would} ranges and names in all, and a scope holds at most ${most}: join neighbours`;
}
