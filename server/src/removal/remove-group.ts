import { setTimeout as wait } from 'node:timers/promises';
import type { Database, SiteTransaction } from '../db/database.ts';
import { deleteGroup } from '../targets/group-queries.ts';
import { selectIsDeleting } from './group-removal-queries.ts';
import { addRowsDeleted, deleteGroupRows, GROUP_STEPS, lockRemoval } from './row-queries.ts';

export interface Removal {
  readonly database: Database;
  readonly siteId: string;
  readonly signal: AbortSignal;
  /** It goes with its site, which counts the rows too. */
  readonly ofSite?: boolean;
  /** Told after each step how many rows it took. */
  readonly onStep?: (rows: number) => void;
}

/**
 * Deletes a group that is marked for it, in transactions of at most 1,000 rows with pauses as long as
 * they took. It may be interrupted at any moment and run again, also twice at once.
 */
export async function removeGroupInSteps(removal: Removal, groupId: string): Promise<void> {
  const { database, siteId, ofSite } = removal;
  if (!(await database.withSite(siteId, (tx) => selectIsDeleting(tx, groupId)))) return;
  for (const step of GROUP_STEPS)
    await drain(removal, async (tx) => {
      await lockRemoval(tx, groupId);
      const rows = await deleteGroupRows(tx, siteId, { groupId, step });
      await addRowsDeleted(tx, 'groups', { id: groupId, rows });
      if (ofSite) await addRowsDeleted(tx, 'sites', { id: siteId, rows });
      return rows;
    });
  await database.withSite(siteId, async (tx) => {
    await lockRemoval(tx, groupId);
    await deleteGroup(tx, groupId);
  });
}

/** One step after the other until one finds nothing. */
export async function drain(
  { database, siteId, signal, onStep }: Removal,
  take: (tx: SiteTransaction) => Promise<number>,
): Promise<void> {
  for (let more = true; more; ) {
    signal.throwIfAborted();
    const begun = performance.now();
    const rows = await database.withSite(siteId, take);
    onStep?.(rows);
    more = rows > 0;
    if (more) await pause(performance.now() - begun, signal);
  }
}

const LONGEST_PAUSE_MS = 1_000;

/** Scans and people come first. */
async function pause(tookMs: number, signal: AbortSignal): Promise<void> {
  await wait(Math.min(tookMs, LONGEST_PAUSE_MS), undefined, { signal });
}
