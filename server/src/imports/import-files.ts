import type { Database, SiteTransaction } from '../db/database.ts';
import { type ImportPlace, ImportRefusal, KnownFileError } from './claim-place.ts';
import { BadFileError, type ImportedFile, importFile } from './import-file.ts';
import { analyzeTables, markSavepoint, rollBackToSavepoint } from './import-queries.ts';
import type { DatedFile } from './order-files.ts';

/** What became of one file. `message` says why it was not imported. */
export type FileOutcome =
  | { readonly outcome: 'imported'; readonly file: DatedFile; readonly scan: ImportedFile }
  | {
      readonly outcome: 'known' | 'refused' | 'bad';
      readonly file: DatedFile;
      readonly message: string;
    };

export interface ImportRun {
  readonly place: ImportPlace;
  /** In the order in which they are judged. */
  readonly files: readonly DatedFile[];
  readonly signal: AbortSignal;
  /** `fraction` 0–1 of this file. */
  readonly onProgress: (file: DatedFile, fraction: number) => void;
}

/** Imports files one after the other, each in a transaction of its own: nothing is stored of a bad one. */
export async function* importFiles(
  database: Database,
  run: ImportRun,
): AsyncGenerator<FileOutcome> {
  for (const file of run.files) {
    run.signal.throwIfAborted();
    const outcome = await settle(file, () =>
      database.withSite(run.place.siteId, (tx) => importOne(tx, run, file)),
    );
    yield outcome;
    const filled = outcome.outcome === 'imported' && outcome.scan.first;
    // Autovacuum would do it in a minute: that is too late for a next file.
    if (filled && file !== run.files.at(-1)) await analyzeTables(database);
  }
}

/**
 * Says what importFiles would do: does it in one transaction, and takes all of it back. `openGroup`
 * answers the group's id, and may make it there.
 */
export async function tryImport(
  database: Database,
  siteId: string,
  asked: Omit<ImportRun, 'place'> & {
    readonly openGroup: (tx: SiteTransaction) => Promise<string>;
  },
): Promise<FileOutcome[]> {
  const outcomes: FileOutcome[] = [];
  const work = async (tx: SiteTransaction) => {
    const place = { siteId, groupId: await asked.openGroup(tx), startedBy: null };
    const run = { ...asked, place };
    for (const file of run.files) {
      await markSavepoint(tx);
      const outcome = await settle(file, () => importOne(tx, run, file));
      if (outcome.outcome !== 'imported') await rollBackToSavepoint(tx);
      outcomes.push(outcome);
    }
    throw new TakenBack();
  };
  await database.withSite(siteId, work).catch((error: unknown) => {
    if (!(error instanceof TakenBack)) throw error;
  });
  return outcomes;
}

/** Ends a transaction without its changes. */
class TakenBack extends Error {}

function importOne(tx: SiteTransaction, run: ImportRun, file: DatedFile): Promise<ImportedFile> {
  const onProgress = (fraction: number) => run.onProgress(file, fraction);
  return importFile(tx, run.place, { file, signal: run.signal, onProgress });
}

async function settle(file: DatedFile, work: () => Promise<ImportedFile>): Promise<FileOutcome> {
  try {
    return { outcome: 'imported', file, scan: await work() };
  } catch (error) {
    if (error instanceof KnownFileError) return { outcome: 'known', file, message: error.message };
    if (error instanceof ImportRefusal) return { outcome: 'refused', file, message: error.message };
    if (error instanceof BadFileError) return { outcome: 'bad', file, message: error.message };
    throw error;
  }
}
