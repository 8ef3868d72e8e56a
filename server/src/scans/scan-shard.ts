import { promisify } from 'node:util';
import { zstdCompress } from 'node:zlib';
import type { Sentinel } from '@netdelta/core/evidence/sentinel.ts';
import type { HostBelief } from '@netdelta/core/host/belief.ts';
import { type Sight, settleSight } from '@netdelta/core/host/decide-sight.ts';
import { discoveryWay } from '@netdelta/core/profile/discovery-way.ts';
import type { ScanOptions } from '@netdelta/core/profile/options.ts';
import { splitByScope } from '@netdelta/core/scope/scope.ts';
import type { HostObservation, Snapshot } from '@netdelta/core/snapshot/snapshot.ts';
import type { Database, SiteTransaction } from '../db/database.ts';
import { chooseEngine, type EngineChoice } from '../engines/choose.ts';
import type { Engine, EngineProgress } from '../engines/engine.ts';
import type { Prober } from '../engines/prober/prober.ts';
import type { Log } from '../log.ts';
import type { JobContext, JobData } from '../queue/queue.ts';
import { selectAllowedScripts } from '../targets/script-queries.ts';
import { cancelAbandonedShard, claimShard } from './claim-shard-queries.ts';
import { type Look, lookAtShard } from './look/look.ts';
import { type BasedSight, packByBase } from './packed-sight.ts';
import { createProgressWriter } from './progress-writer.ts';
import { endShards, type ScanParts } from './scan-lifecycle.ts';
import { addScanProblems, type ScanRow, selectScan, updateScan } from './scan-queries.ts';
import { returnShard, type ShardEnd, type ShardRow, updateShardEnd } from './shard-queries.ts';
import { describeReach, readReach, type ShardReach } from './shard-reach.ts';
import { selectSightBase, upsertSightBase } from './sight-base-queries.ts';
import { advanceTurn } from './turn-queries.ts';
import { OUTSIDE_SCOPE, watchCancel } from './watch-cancel.ts';

/** What a shard saw, for those who judge it. `way` is its discoveryWay. */
export interface ShardSight {
  readonly scan: ScanRow;
  readonly shard: Pick<ShardRow, 'names'>;
  readonly sight: Sight;
  readonly way: string;
  /** ISO 8601 */
  readonly at: string;
}

/** What is known before a shard is looked at. */
export interface Recollection {
  readonly known: ReadonlyMap<string, HostBelief>;
  readonly sentinels: readonly Sentinel[];
  /** What the last scan of the group lost (0–1), if that is known. */
  readonly loss?: number;
}

/** Knows what is believed, and what a sight means. */
export interface Judge {
  readonly recall: (
    tx: SiteTransaction,
    scan: ScanRow,
    addresses: readonly string[],
  ) => Promise<Recollection>;
  /** Saves what a sight means, in the shard's own transaction. `held`: see HostDecision. */
  readonly judge: (
    tx: SiteTransaction,
    seen: ShardSight,
  ) => Promise<{ deltas: number; held: number }>;
}

export interface ShardParts extends ScanParts {
  readonly database: Database;
  readonly engines: readonly Engine[];
  readonly prober: Prober;
  readonly judge: Judge;
  readonly log: Log;
}

const MOST_ATTEMPTS = 4;
const NO_SIGHT = { sight: null, sightBaseId: null };
const NOTHING_SEEN: Snapshot = { hosts: [], uncovered: [] };
const compress = promisify(zstdCompress);

/** Scans the next shard of a site: claim, run the engine, judge and save in one transaction. Saved once, however often it runs. */
export async function scanShard(
  parts: ShardParts,
  key: JobData['scan.shard'],
  { signal: stopped }: JobContext,
): Promise<void> {
  const claimed = await parts.database.withSite(key.siteId, async (tx) => {
    const shard = await claimShard(tx, key);
    // Of a cancelled scan, too: who drains its turns must not stand behind everybody for them.
    await advanceTurn(tx, key.turn);
    const abandoned = shard ? null : await cancelAbandonedShard(tx, key);
    if (abandoned) await endShards(tx, parts, { scanId: abandoned, shards: 1, deltas: 0 });
    const scan = shard && (await selectScan(tx, shard.scan_id));
    return shard && scan ? { shard, scan, reach: await readReach(tx, shard) } : undefined;
  });
  if (!claimed) return;
  const { scan, shard, reach } = claimed;
  if (shard.attempts > MOST_ATTEMPTS) return saveLost(parts, scan, shard);
  const cancel = watchCancel(parts, scan, { ...shard, addresses: [...reach.inside] });
  try {
    const signal = AbortSignal.any([stopped, cancel.signal]);
    const run = await runEngine(parts, { scan, shard, reach, signal });
    if (stopped.aborted && !cancel.signal.aborted) return await giveBack(parts, shard);
    await saveRun(parts, { scan, shard, run });
  } finally {
    cancel.end();
  }
}

interface Run {
  readonly choice: EngineChoice;
  /** Null: no engine could be chosen. */
  readonly look: Look | null;
  /** What it saw in the end. */
  readonly settled: Snapshot;
  readonly reach: ShardReach;
  /** The scope was narrowed while it was asked. */
  readonly stoppedByScope: boolean;
  readonly progress: EngineProgress;
}

interface RunRequest {
  readonly scan: ScanRow;
  readonly shard: ShardRow;
  readonly reach: ShardReach;
  readonly signal: AbortSignal;
}

async function runEngine(
  parts: ShardParts,
  { scan, shard, reach, signal }: RunRequest,
): Promise<Run> {
  const choice = await chooseEngine(parts.engines, scan.options);
  const writer = createProgressWriter(parts, shard);
  const addresses = [...reach.inside];
  const { recollection, allowedScripts } = await parts.database.withSite(
    scan.site_id,
    async (tx) => ({
      recollection: await parts.judge.recall(tx, scan, addresses),
      allowedScripts: await selectAllowedScripts(tx),
    }),
  );
  const request = {
    ...recollection,
    sentinels: recollection.sentinels.filter(mayBeAsked(reach)),
    addresses,
    options: scan.options,
    allowedScripts,
    signal,
    seed: scan.number + shard.number,
    onProgress: writer.write,
  };
  const { engine } = choice;
  const asks = engine !== null && addresses.length > 0;
  const look = asks ? await lookAtShard({ engine, prober: parts.prober }, request) : null;
  await writer.end();
  const settled = look ? settleSight(look.sight) : NOTHING_SEEN;
  const stoppedByScope = signal.reason === OUTSIDE_SCOPE;
  return { choice, look, settled, progress: countSeen(settled.hosts), reach, stoppedByScope };
}

/** Sentinels are asked as targets are: beacons too lie inside of the scope, or are left alone. */
function mayBeAsked({ scope }: ShardReach) {
  return ({ address }: Sentinel) => splitByScope(scope, [address]).inside.length > 0;
}

function countSeen(hosts: readonly HostObservation[]): EngineProgress {
  const open = hosts.map(
    ({ endpoints }) => endpoints.filter(({ state }) => state === 'open').length,
  );
  return {
    fraction: 1,
    hostsUp: hosts.filter(({ status }) => status === 'up').length,
    servicesOpen: open.reduce((sum, count) => sum + count, 0),
  };
}

async function saveRun(
  parts: ShardParts,
  { scan, shard, run }: { scan: ScanRow; shard: ShardRow; run: Run },
): Promise<void> {
  const { output } = run.look?.result ?? {};
  const packed = { output: output ? await compress(output) : null };
  const based = await packLook(parts, { scan, shard, run });
  await parts.database.withSite(scan.site_id, async (tx) => {
    const sight = based && (await saveSight(tx, { scan, shard, based }));
    const end = { ...describeEnd(run), ...packed, ...(sight ?? NO_SIGHT) };
    if (!(await updateShardEnd(tx, shard, end))) return;
    const judged = run.look
      ? await parts.judge.judge(tx, {
          scan,
          shard,
          sight: run.look.sight,
          way: wayOf(scan.options, run.choice),
          at: new Date().toISOString(),
        })
      : { deltas: 0, held: 0 };
    await updateScan(tx, scan.id, { engine_choice: run.choice.choice });
    if (judged.held > 0) await addScanProblems(tx, scan.id, [describeHeld(judged.held)]);
    await endShards(tx, parts, { scanId: scan.id, shards: 1, deltas: judged.deltas });
  });
}

function wayOf(options: ScanOptions, { ability }: EngineChoice): string {
  return discoveryWay(options, ability ?? { name: 'none', privileged: false });
}

function describeEnd({
  choice,
  look,
  settled,
  progress,
  reach,
  stoppedByScope,
}: Run): Omit<ShardEnd, 'output' | 'sight' | 'sightBaseId'> {
  const result = look?.result;
  const beyond = [describeReach(reach), stoppedByScope ? STOPPED_BY_SCOPE : null];
  const problem =
    [result?.problem, ...choice.problems, ...beyond].filter(Boolean).join(' ') || null;
  const unasked = reach.outside.map((address) => ({ address, reason: 'outside-scope' as const }));
  return {
    status:
      result?.end === 'finished' && unasked.length > 0 ? 'partial' : (result?.end ?? 'failed'),
    engine: result ? (choice.engine?.name ?? null) : null,
    engineVersion: result?.version ?? null,
    command: result?.command ?? null,
    progress,
    coveredCount: settled.hosts.length,
    uncovered: [...settled.uncovered, ...unasked],
    problem,
    confirmation: look?.cost ?? null,
  };
}

const STOPPED_BY_SCOPE =
  "The site's scope was narrowed, or has expired, while this was asked: the rest was not.";

async function saveSight(
  tx: SiteTransaction,
  { scan, shard, based: { sight, base } }: { scan: ScanRow; shard: ShardRow; based: BasedSight },
): Promise<Pick<ShardEnd, 'sight' | 'sightBaseId'>> {
  const sightBaseId = await upsertSightBase(tx, scan, { base, shardNumber: shard.number });
  return { sight, sightBaseId };
}

/** Before the transaction that saves it: scans of a group never interleave. */
async function packLook(
  { database }: ShardParts,
  { scan, shard, run: { look, choice } }: { scan: ScanRow; shard: ShardRow; run: Run },
): Promise<BasedSight | null> {
  if (!look) return null;
  const { group_id, site_id, options } = scan;
  const base = await database.withSite(site_id, (tx) =>
    selectSightBase(tx, group_id, shard.number),
  );
  return packByBase({ way: wayOf(options, choice), sight: look.sight }, base);
}

/** What a person has to know of hosts that are held. */
export function describeHeld(hosts: number) {
  return {
    what: hosts === 1 ? '1 host' : `${hosts} hosts`,
    message:
      'Silent, but asked in another way than the one in which they last answered. Silence to another question proves nothing: they are believed up.',
  };
}

async function giveBack(parts: ShardParts, shard: ShardRow): Promise<never> {
  await parts.database.withSite(shard.site_id, (tx) => returnShard(tx, shard));
  throw new Error(
    `shard ${shard.number} of scan ${shard.scan_id} was given back: the worker stops`,
  );
}

/** A shard that ends its worker again and again must not do so for ever. */
async function saveLost(parts: ShardParts, scan: ScanRow, shard: ShardRow): Promise<void> {
  await parts.database.withSite(scan.site_id, async (tx) => {
    const saved = await updateShardEnd(tx, shard, {
      status: 'failed',
      engine: null,
      engineVersion: null,
      command: null,
      progress: { fraction: 1, hostsUp: 0, servicesOpen: 0 },
      coveredCount: 0,
      uncovered: shard.addresses.map((address) => ({ address, reason: 'engine-error' as const })),
      problem: `Scanning these addresses failed ${MOST_ATTEMPTS} times, or its worker vanished. See the worker's log; is there enough memory?`,
      output: null,
      confirmation: null,
      ...NO_SIGHT,
    });
    if (saved) await endShards(tx, parts, { scanId: scan.id, shards: 1, deltas: 0 });
  });
}
