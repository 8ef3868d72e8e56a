import { setTimeout as wait } from 'node:timers/promises';
import { decideCutoffs, type RetentionRule } from '@netdelta/core/retention/cutoffs.ts';
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
import {
  BEFORE_ALL_KEYS,
  deleteUnusedTexts,
  keepUsedTexts,
  noteUnusedTexts,
} from './unused-text-queries.ts';

export interface RetentionParts {
  readonly database: Database;
  readonly log: Log;
}

/** Takes the next rows; nothing when there are none left. */
type Take = (tx: SiteTransaction) => Promise<Expired>;

/** A run on its way. */
interface Run {
  readonly id: string;
  readonly siteId: string;
  readonly rule: RetentionRule & { readonly historyWindow: number };
  readonly groups: readonly string[];
  readonly signal: AbortSignal;
  /** So far. */
  expired: Expired;
}

/** After each batch as long a pause as it took, so that scans and people come first; at most so long, ms. */
const LONGEST_PAUSE_MS = 1_000;

/**
 * Takes what has expired in a site, in transactions of at most 500 rows with pauses between them. It
 * may be interrupted at any moment (`signal`, a kill) and run again: what is half gone is read by
 * nobody, and the next run goes on with it. Answers what it took; undefined: there is no such site.
 */
export async function runRetention(
  parts: RetentionParts,
  siteId: string,
  signal: AbortSignal,
): Promise<Expired | undefined> {
  const { database, log } = parts;
  const run = await beginRun(database, siteId, signal);
  if (!run) return undefined;
  const { details, history } = decideCutoffs(run.rule, new Date().toISOString());
  await expireAllDetails(database, run, details);
  if (history !== null) await expireAllHistory(database, run, history);
  await tidyTexts(database, run);
  const { expired } = run;
  const sizes = await measureStorage(database, siteId);
  await database.withSite(siteId, (tx) => updateRunEnded(tx, run.id, { expired, sizes }));
  log.info({ siteId, expired }, 'retention is done');
  return expired;
}

function beginRun(database: Database, siteId: string, signal: AbortSignal) {
  return database.withSite(siteId, async (tx): Promise<Run | undefined> => {
    const rule = await selectRule(tx, siteId);
    if (!rule) return undefined;
    await deleteOldRuns(tx);
    const id = await insertRun(tx, siteId, rule);
    return { id, siteId, rule, groups: await selectGroupIds(tx), signal, expired: {} };
  });
}

async function expireAllDetails(database: Database, run: Run, before: string): Promise<void> {
  for (const groupId of run.groups) {
    await drain(database, run, (tx) => expireDetails(tx, groupId, before, updateScanCovered));
    await drain(database, run, (tx) => expireBases(tx, groupId));
  }
  await drain(database, run, (tx) => expireRefutations(tx, before));
  await drain(database, run, (tx) => expireNotifications(tx, before));
}

async function expireAllHistory(database: Database, run: Run, before: string): Promise<void> {
  for (const groupId of run.groups) {
    const question = { groupId, before, window: run.rule.historyWindow };
    const limit = await database.withSite(run.siteId, async (tx) => {
      const found = await selectHistoryLimit(tx, question);
      if (found) await updateHistoryFrom(tx, groupId, found);
      return found;
    });
    if (!limit) continue;
    await drain(database, run, (tx) => expireIntervals(tx, groupId, limit));
    await drain(database, run, (tx) => expireDeltas(tx, groupId, limit));
  }
}

/** The texts by which searches find services, where no open service has them any more; in small steps, too. */
async function tidyTexts(database: Database, { siteId, signal }: Run): Promise<void> {
  const step = async <T>(work: (tx: SiteTransaction) => Promise<T>): Promise<T> => {
    signal.throwIfAborted();
    const begun = performance.now();
    const answer = await database.withSite(siteId, work);
    await pause(performance.now() - begun, signal);
    return answer;
  };
  await step((tx) => keepUsedTexts(tx, siteId));
  while (await step((tx) => deleteUnusedTexts(tx, siteId)));
  for (let beyond: string | null = BEFORE_ALL_KEYS; beyond !== null; ) {
    const after: string = beyond;
    beyond = await step((tx) => noteUnusedTexts(tx, siteId, after));
  }
}

/** One batch after the other until nothing is left, each noted with the run in its own transaction. */
async function drain(database: Database, run: Run, take: Take): Promise<void> {
  for (let more = true; more; ) {
    run.signal.throwIfAborted();
    const begun = performance.now();
    const gone = await database.withSite(run.siteId, async (tx) => {
      const taken = await take(tx);
      if (isSome(taken)) await updateRun(tx, run.id, addExpired(run.expired, taken));
      return taken;
    });
    run.expired = addExpired(run.expired, gone);
    more = isSome(gone);
    if (more) await pause(performance.now() - begun, run.signal);
  }
}

function isSome(expired: Expired): boolean {
  return Object.keys(expired).length > 0;
}

async function pause(tookMs: number, signal: AbortSignal): Promise<void> {
  await wait(Math.min(tookMs, LONGEST_PAUSE_MS), undefined, { signal });
}
