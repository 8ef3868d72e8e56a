import { setTimeout as wait } from 'node:timers/promises';
import { decideCutoffs } from '@netdelta/core/retention/cutoffs.ts';
import { addExpired, type Expired } from '@netdelta/core/retention/storage.ts';
import type { Database, SiteTransaction } from '../db/database.ts';
import type { Log } from '../log.ts';
import { updateScanCovered } from '../scans/shard-queries.ts';
import {
  expireBases,
  expireDeltas,
  expireDetails,
  expireIntervals,
  expireNotifications,
  expireRefutations,
  selectGroupIds,
  selectHistoryLimit,
  updateHistoryFrom,
} from './expire-queries.ts';
import { measureStorage } from './measure-queries.ts';
import { deleteOldRuns, insertRun, selectRule, updateRun, updateRunEnded } from './run-queries.ts';

export interface RetentionParts {
  readonly database: Database;
  readonly log: Log;
}

/** Takes the next rows; nothing when there are none left. */
type Take = (tx: SiteTransaction) => Promise<Expired>;

/** After each batch as long a pause as it took, so that scans and people come first; at most so long, ms. */
const LONGEST_PAUSE_MS = 1_000;

/**
 * Takes what has expired in a site, in transactions of at most 500 rows with pauses between them. It
 * may be interrupted at any moment (`signal`, a kill) and run again: what is gone is gone whole, and
 * the next run goes on with the rest. Answers what it took; undefined: there is no such site.
 */
export async function runRetention(
  parts: RetentionParts,
  siteId: string,
  signal: AbortSignal,
): Promise<Expired | undefined> {
  const { database, log } = parts;
  const run = await database.withSite(siteId, async (tx) => {
    const rule = await selectRule(tx, siteId);
    if (!rule) return undefined;
    await deleteOldRuns(tx);
    return { rule, id: await insertRun(tx, siteId, rule), groups: await selectGroupIds(tx) };
  });
  if (!run) return undefined;
  const cutoffs = decideCutoffs(run.rule, new Date().toISOString());
  let expired: Expired = {};
  const drain = async (take: Take) => {
    for (let more = true; more; ) {
      signal.throwIfAborted();
      const begun = performance.now();
      const gone = await database.withSite(siteId, async (tx) => {
        const taken = await take(tx);
        if (isSome(taken)) await updateRun(tx, run.id, addExpired(expired, taken));
        return taken;
      });
      expired = addExpired(expired, gone);
      more = isSome(gone);
      if (more) await pause(performance.now() - begun, signal);
    }
  };
  for (const groupId of run.groups) {
    await drain((tx) => expireDetails(tx, groupId, cutoffs.details, updateScanCovered));
    await drain((tx) => expireBases(tx, groupId));
  }
  await drain((tx) => expireRefutations(tx, cutoffs.details));
  await drain((tx) => expireNotifications(tx, cutoffs.details));
  const { history: before } = cutoffs;
  if (before !== null)
    for (const groupId of run.groups) {
      const question = { groupId, before, window: run.rule.historyWindow };
      const limit = await database.withSite(siteId, async (tx) => {
        const found = await selectHistoryLimit(tx, question);
        if (found) await updateHistoryFrom(tx, groupId, found);
        return found;
      });
      if (!limit) continue;
      await drain((tx) => expireIntervals(tx, groupId, limit));
      await drain((tx) => expireDeltas(tx, groupId, limit));
    }
  const sizes = await measureStorage(database, siteId);
  await database.withSite(siteId, (tx) => updateRunEnded(tx, run.id, { expired, sizes }));
  log.info({ siteId, expired }, 'retention is done');
  return expired;
}

function isSome(expired: Expired): boolean {
  return Object.keys(expired).length > 0;
}

async function pause(tookMs: number, signal: AbortSignal): Promise<void> {
  await wait(Math.min(tookMs, LONGEST_PAUSE_MS), undefined, { signal });
}
