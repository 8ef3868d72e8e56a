import type { SiteTransaction } from '../db/database.ts';
import {
  lockGroupForImport,
  type ScanPlan,
  selectOpenScans,
  selectPlanForUpdate,
} from '../scans/scan-queries.ts';
import { lockEdits } from '../targets/reach-queries.ts';
import { selectNewest, selectScanOfFile } from './import-queries.ts';
import type { DatedFile } from './order-files.ts';

/** Where a file is imported, and by whom; null: from the command line. */
export interface ImportPlace {
  readonly siteId: string;
  readonly groupId: string;
  readonly startedBy: string | null;
}

/** The file is sound, and still cannot be imported into this group now: says why, and what to do. */
export class ImportRefusal extends Error {
  override readonly name = 'ImportRefusal';
  readonly code: 'no-group' | 'scan-runs' | 'too-old' | 'in-future';
  readonly retryable = false;
  constructor(code: ImportRefusal['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** The group has this very scan already. */
export class KnownFileError extends Error {
  override readonly name = 'KnownFileError';
  readonly code = 'known-file';
  readonly retryable = false;
  readonly scanId: string;
  constructor(scanId: string, message: string) {
    super(message);
    this.scanId = scanId;
  }
}

/**
 * Takes the group for one file until the transaction ends: no scan of it begins, and no edit of it
 * is stored meanwhile. Answers the moment that the file's scan gets in the group's history.
 * @throws ImportRefusal, KnownFileError
 */
export async function claimPlace(
  tx: SiteTransaction,
  { groupId }: ImportPlace,
  file: DatedFile,
): Promise<{ plan: ScanPlan; at: Date }> {
  await lockGroupForImport(tx, groupId);
  await lockEdits(tx, groupId);
  const plan = await selectPlanForUpdate(tx, groupId);
  if (!plan) throw new ImportRefusal('no-group', 'There is no such group here.');
  const known = await selectScanOfFile(tx, groupId, file.digest);
  if (known)
    throw new KnownFileError(
      known.id,
      `${file.name}: this group has it already, as ${known.file_name}. Nothing changed.`,
    );
  const [open] = await selectOpenScans(tx, groupId);
  if (open)
    throw new ImportRefusal(
      'scan-runs',
      `${file.name}: a scan of this group ${open.status === 'waiting' ? 'waits' : 'runs'}. Import when it has ended, or cancel it first.`,
    );
  return { plan, at: decideMoment(file, await selectNewest(tx, groupId)) };
}

function decideMoment(
  { name, at }: DatedFile,
  { scan, edit }: { scan: Date | null; edit: Date | null },
): Date {
  if (at.getTime() > Date.now())
    throw new ImportRefusal(
      'in-future',
      `${name}: by its own clock, the scan ended at ${at.toISOString()}, which is yet to come. Import it then.`,
    );
  if (edit && at <= edit)
    throw new ImportRefusal(
      'too-old',
      `${name} is of ${at.toISOString()}, and the group's targets were edited at ${edit.toISOString()}: ${REMEDY}`,
    );
  if (!scan || at > scan) return at;
  // Files count seconds: two that ended in the same one are told apart by a millisecond.
  if (secondOf(at) === secondOf(scan)) return new Date(scan.getTime() + 1);
  throw new ImportRefusal(
    'too-old',
    `${name} is of ${at.toISOString()}, and the group's newest scan of ${scan.toISOString()}: ${REMEDY}`,
  );
}

const REMEDY =
  'what came before cannot be judged after the fact. Import all files together into a new group.';

function secondOf(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}
