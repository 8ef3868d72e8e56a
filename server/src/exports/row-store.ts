import type { ExportLineType } from '@netdelta/core/api/export.ts';
import type { SiteTransaction } from '../db/database.ts';
import { upsertCoverage } from '../deltas/save-belief-queries.ts';
import { insertLines } from './fact-queries.ts';
import type { ProblemList } from './problem-list.ts';
import { attempt, insertSightBase, type RestoredSettings, updateSite } from './restore-queries.ts';
import { GROUP_EXTRAS, type KnownIds, type Row } from './restored-row.ts';

const ROWS_AT_ONCE = 2_000;
const CHARACTERS_AT_ONCE = 4_194_304;

interface HeldRow {
  readonly line: number;
  readonly json: string;
}

/** Takes rows in the order of their file, and stores those of one type together. */
export interface RowStore {
  readonly take: (type: ExportLineType, line: number, row: Row) => Promise<void>;
  /** Remembers one that is refused, so that what names it is not called wrong as well. */
  readonly pass: (type: string, row: Row) => void;
  /** Stores what is still held. */
  readonly flush: () => Promise<void>;
}

interface StoreParts {
  readonly siteId: string;
  readonly known: KnownIds;
  readonly problems: ProblemList;
}

/**
 * Makes the store of one site: whatever a row says, it becomes a row of this site, and the database
 * refuses any other. Once there is a problem nothing more is stored.
 */
export function createRowStore(tx: SiteTransaction, parts: StoreParts): RowStore {
  let type: ExportLineType = 'profile';
  let held: HeldRow[] = [];
  let characters = 0;
  const flush = async () => {
    const rows = held;
    held = [];
    characters = 0;
    if (rows.length > 0 && parts.problems.count === 0) await storeRows(tx, parts, { type, rows });
  };
  return {
    flush,
    pass: (type, row) => remember(parts.known, type, row),
    take: async (next, line, row) => {
      if (parts.problems.count > 0) return remember(parts.known, next, row);
      if (next === 'settings' || next === 'coverage' || next === 'sightBase') {
        // What it names may still be held.
        await flush();
        return storeSingle(tx, parts, { next, row });
      }
      const json = JSON.stringify(row);
      if (next !== type || held.length >= ROWS_AT_ONCE || characters > CHARACTERS_AT_ONCE)
        await flush();
      type = next;
      held.push({ line, json });
      characters += json.length;
      remember(parts.known, next, row);
    },
  };
}

function remember(
  { profiles, groups, scans, coverages, sightBases }: KnownIds,
  type: string,
  row: Row,
): void {
  const id = String(row.id);
  if (type === 'profile') profiles.add(id);
  if (type === 'group') groups.add(id);
  if (type === 'scan') scans.add(id);
  // Nothing is stored any more; what names it shall not be called wrong for that.
  if (type === 'coverage') coverages.set(id, id);
  if (type === 'sightBase') sightBases.set(id, id);
}

async function storeSingle(
  tx: SiteTransaction,
  { siteId, known }: StoreParts,
  { next, row }: { next: 'settings' | 'coverage' | 'sightBase'; row: Row },
): Promise<void> {
  if (next === 'settings') return updateSite(tx, siteId, row as unknown as RestoredSettings);
  const { id, tcp, udp } = row as Record<string, string>;
  if (next === 'sightBase') {
    known.sightBases.set(id ?? '', await insertSightBase(tx, siteId, JSON.stringify(row)));
    return;
  }
  const ports = { tcp: tcp ?? '', udp: udp ?? '' };
  known.coverages.set(id ?? '', await upsertCoverage(tx, siteId, ports));
}

async function storeRows(
  tx: SiteTransaction,
  { siteId, problems }: StoreParts,
  { type, rows }: { type: ExportLineType; rows: readonly HeldRow[] },
): Promise<void> {
  const target = { siteId, type, ...(type === 'group' && { extra: GROUP_EXTRAS }) };
  const store = (some: readonly HeldRow[]) =>
    attempt(tx, () => insertLines(tx, target, `[${some.map(({ json }) => json).join(',')}]`));
  const error = await store(rows);
  if (error === null) return;
  if (explain(error) === null) throw error;
  // Which of them it was, only each by itself can tell.
  for (const row of rows) {
    const own = await store([row]);
    if (own !== null) problems.add(row.line, [`${type}: ${explain(own) ?? String(own)}`]);
  }
  if (problems.count === 0) problems.add(rows[0]?.line ?? 0, [`${type}: ${explain(error)}`]);
}

/** Classes of Postgres errors that a row is to blame for (errcodes-appendix): data, constraints. */
const OF_THE_ROW: Readonly<Record<string, string>> = {
  '23503': 'names something that is not in this file before it',
  '23505': 'is there twice, or its name is taken in this site',
};

function explain(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error)) return null;
  const code = String(error.code);
  if (OF_THE_ROW[code]) return OF_THE_ROW[code];
  return code.startsWith('22') || code.startsWith('23') || code.startsWith('54')
    ? error.message
    : null;
}
