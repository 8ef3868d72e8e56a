import type { ReplayPolicy, ReplayRequest, ReplayView } from '@netdelta/core/api/replay.ts';
import type { SiteSettings } from '@netdelta/core/api/settings.ts';
import type { SilenceRules } from '@netdelta/core/host/silence-rule.ts';
import type { PastScan, PastSight } from '@netdelta/core/policy/replay.ts';
import { parsePortSet } from '@netdelta/core/snapshot/port-set.ts';
import type { SiteTransaction } from '../db/database.ts';
import { shareDetails } from '../db/details-lock-queries.ts';
import { readDownAfter } from '../db/down-after.ts';
import { unpackSight } from '../scans/packed-sight.ts';
import { readDelta } from './read-delta.ts';
import { createReplayJudge } from './replay-judge.ts';
import {
  forbidChanges,
  type PastScanRow,
  selectGroupRules,
  selectOwnRules,
  selectPastScans,
  selectTold,
  streamSights,
} from './replay-queries.ts';
import { createReplayReport, type ToldDelta } from './replay-report.ts';
import { selectSettings } from './settings-queries.ts';

export interface ReplayQuestion extends ReplayRequest {
  readonly site: { readonly id: string; readonly timeZone: string };
  readonly groupId: string;
}

/** The replay was stopped: it took too long, or nobody waits for it any more. */
export class ReplayStoppedError extends Error {
  override readonly name = 'ReplayStoppedError';
  readonly code = 'replay-stopped';
  readonly retryable = false;
  constructor(done: number, scans: number, cause: unknown) {
    super(
      `The replay was stopped after ${done} of ${scans} scans. Ask for fewer scans: the last ones are taken.`,
      { cause },
    );
  }
}

/**
 * Judges the last stored scans of a group by another policy and says what that would have told.
 * Changes nothing: its transaction is read only from here on. Twice the sights are judged, by the
 * rules of then as well, so that only what the policy does counts as different. One scan's deltas
 * and four shards' sights are in memory at once, and the beliefs of the hosts that were ever up.
 * Null: there is no such group. @throws ReplayStoppedError when the signal is aborted.
 */
export async function replayGroup(
  tx: SiteTransaction,
  { site, groupId, policy, scans }: ReplayQuestion,
  signal: AbortSignal,
): Promise<ReplayView | null> {
  await forbidChanges(tx);
  await shareDetails(tx, groupId);
  const group = await selectGroupRules(tx, groupId);
  if (!group) return null;
  const settings = await selectSettings(tx, site.id);
  const all = await selectPastScans(tx, groupId, scans);
  const stored = all.filter((scan) => scan.stored);
  const judges = await createJudges(tx, { groupId, policy, settings });
  const report = createReplayReport(site.timeZone);
  for (const [index, scan] of stored.entries()) {
    const past = { ...readPast(scan), first: index === 0 || scan.first };
    for await (const sight of readSights(tx, scan)) {
      if (signal.aborted) throw new ReplayStoppedError(index, stored.length, signal.reason);
      for (const judge of judges) judge.see(past, sight, rulesOf(scan));
    }
    const counts = isWhole(scan) || scan.delta_count > 0;
    const [replayed, now] = [judges[0].end(counts), judges[1].end(counts)];
    const told = (await selectTold(tx, scan.id)).map(readTold);
    report.add({ scan, learns: past.first, told, replayed, now });
  }
  const missing = all.filter((scan) => !scan.stored && isWhole(scan));
  const expired = missing.filter((scan) => scan.expired).length;
  const rules = { ...rulesOf(group), historyWindow: settings.historyWindow };
  return { policy, rules, ...report.end(), expired, unstored: missing.length - expired };
}

/** By the rules of then, and by the policy. What the policy leaves out is as it was; hosts keep rules of their own. */
async function createJudges(
  tx: SiteTransaction,
  { groupId, policy, settings }: { groupId: string; policy: ReplayPolicy; settings: SiteSettings },
) {
  const own = await selectOwnRules(tx, groupId);
  const dangerPorts = parsePortSet(settings.dangerPorts).ports;
  const { historyWindow: window } = settings;
  const { historyWindow = window, ...given } = policy;
  const news = Object.fromEntries(Object.entries(given).filter(([, rule]) => rule !== undefined));
  return [
    createReplayJudge({ own, news: {}, window, dangerPorts }),
    createReplayJudge({ own, news, window: historyWindow, dangerPorts }),
  ] as const;
}

function rulesOf(row: Pick<PastScanRow, 'down_after' | 'service_down_after'>): SilenceRules {
  return {
    downAfter: readDownAfter(row.down_after),
    serviceDownAfter: readDownAfter(row.service_down_after),
  };
}

function isWhole({ status }: PastScanRow): boolean {
  return status === 'finished' || status === 'partial';
}

function readPast({ id, number, first, after_blind }: PastScanRow): PastScan {
  return { id, number, first, afterBlind: after_blind };
}

async function* readSights(tx: SiteTransaction, scan: PastScanRow): AsyncGenerator<PastSight> {
  for await (const { sight, base, at } of streamSights(tx, scan.id)) {
    const moment = at ?? scan.finished_at ?? scan.created_at;
    yield { ...(await unpackSight(sight, base)), at: moment.toISOString() };
  }
}

function readTold(row: Awaited<ReturnType<typeof selectTold>>[number]): ToldDelta {
  return { ...readDelta(row), rating: row.rating };
}
