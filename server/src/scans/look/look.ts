import { decidePath, isMassLoss, type PathState } from '@netdelta/core/evidence/common-cause.ts';
import { type Doubt, isBelievedUp, listDoubts } from '@netdelta/core/evidence/doubt.ts';
import type { Finding } from '@netdelta/core/evidence/finding.ts';
import {
  estimateLoss,
  meanLoss,
  NO_PROBES,
  type ProbeCount,
  sumPath,
} from '@netdelta/core/evidence/loss.ts';
import { doubtSentinels, type Sentinel } from '@netdelta/core/evidence/sentinel.ts';
import { listRevived, replaceHosts, voidSilence } from '@netdelta/core/evidence/settle.ts';
import type { Sight } from '@netdelta/core/host/decide-sight.ts';
import type { Snapshot } from '@netdelta/core/snapshot/snapshot.ts';
import type { ConfirmationCost } from '../../db/tables.ts';
import type { Engine, EngineRequest, EngineResult } from '../../engines/engine.ts';
import type { Prober } from '../../engines/prober/prober.ts';
import { askDecoys } from './ask-decoys.ts';
import { confirmDoubts } from './confirm.ts';
import { countPilot } from './pilot.ts';

export interface LookRequest extends EngineRequest {
  /** Asked when too much falls silent at once: beacons, and steady hosts of other shards. */
  readonly sentinels: readonly Sentinel[];
  /** Chooses the ports that nobody uses; any whole number. */
  readonly seed: number;
}

/** What one shard saw after it was asked again, and what that cost. */
export interface Look {
  readonly result: EngineResult;
  readonly sight: Sight;
  readonly cost: ConfirmationCost;
}

export interface LookParts {
  readonly engine: Engine;
  readonly prober: Prober;
}

const PROBE_TIMEOUT_MS = 800;

/** A look on its way: what is known of the shard so far. */
interface Asking extends LookParts {
  readonly request: LookRequest;
  readonly counts: EngineResult['counts'];
  readonly timeoutMs: number;
  readonly findings: Finding[];
  snapshot: Snapshot;
  sentinels: readonly Finding[];
  /** What the path loses; null before anybody needed to know. */
  path: ProbeCount | null;
  openDecoys: Record<string, number>;
  probes: number;
}

/**
 * Looks at a shard: sweeps it, and asks again whatever contradicts what is believed. A host that
 * answers only then is swept once more, as nobody has asked its ports. Nothing is stored, and
 * nothing decided: see decideSight.
 */
export async function lookAtShard(parts: LookParts, request: LookRequest): Promise<Look> {
  const result = await parts.engine.run(request);
  const started = performance.now();
  const asking = beginAsking(parts, request, result);
  const state = request.signal.aborted ? 'clear' : await settleDoubts(asking);
  const { snapshot, findings, sentinels, openDecoys, probes, path } = asking;
  const seen = request.signal.aborted ? voidSilence(snapshot, 'cancelled') : snapshot;
  const ms = Math.round(performance.now() - started);
  const told = path ?? sumCounts(result);
  const loss = told.answered > 0 ? meanLoss(told) : null;
  return {
    result,
    sight: { snapshot: seen, findings, sentinels, path: state, openDecoys },
    cost: { probes, ms, loss, ...countOutcomes(findings) },
  };
}

function beginAsking(parts: LookParts, request: LookRequest, result: EngineResult): Asking {
  const { snapshot, counts } = result;
  const timeoutMs = request.options.probeTimeoutMs ?? PROBE_TIMEOUT_MS;
  const nothing = { sentinels: [], path: null, openDecoys: {}, probes: 0 };
  return { ...parts, ...nothing, request, counts, timeoutMs, findings: [], snapshot };
}

async function settleDoubts(asking: Asking): Promise<PathState> {
  const doubts = listAllDoubts(asking, asking.snapshot);
  const state = await askPath(asking, doubts);
  const findings = await confirm(asking, doubts);
  asking.findings.push(...findings);
  const revived = listRevived(findings, asking.snapshot);
  if (state === 'clear' && revived.length > 0) await sweepAgain(asking, revived);
  const { prober, request, timeoutMs } = asking;
  const { hosts } = asking.snapshot;
  const decoys = await askDecoys(prober, { ...request, hosts, timeoutMs });
  asking.openDecoys = decoys.openDecoys;
  asking.probes += decoys.probes;
  return state;
}

function listAllDoubts({ request }: Asking, { hosts }: Snapshot): readonly Doubt[] {
  return hosts.flatMap((seen) => listDoubts(request.known.get(seen.address), seen));
}

/** Asks the sentinels, when so much fell silent that the scanner itself is suspected. */
async function askPath(asking: Asking, doubts: readonly Doubt[]): Promise<PathState> {
  const { known, sentinels } = asking.request;
  const vanished = doubts.filter(({ kind }) => kind === 'host').length;
  const believedUp = [...known.values()].filter((belief) => isBelievedUp(belief)).length;
  const all = vanished > 0 && vanished === believedUp && sentinels.length > 0;
  const massLoss = all || isMassLoss(vanished, believedUp);
  const { hosts } = asking.snapshot;
  if (massLoss) asking.sentinels = await confirm(asking, doubtSentinels(sentinels, hosts, known));
  return decidePath(massLoss, asking.sentinels);
}

async function confirm(asking: Asking, doubts: readonly Doubt[]): Promise<readonly Finding[]> {
  if (doubts.length === 0) return [];
  const { prober, request, counts, timeoutMs } = asking;
  const path = asking.path ?? (await countPath(asking));
  asking.path = path;
  const { findings, probes } = await confirmDoubts(prober, {
    doubts,
    lossOf: (address) => estimateLoss(counts.get(address) ?? NO_PROBES, path),
    timeoutMs,
    signal: request.signal,
  });
  asking.probes += probes;
  return findings;
}

/** What the engine counted; one that does not count is helped by a pilot. */
async function countPath(asking: Asking): Promise<ProbeCount> {
  const { prober, counts, snapshot, timeoutMs, request } = asking;
  const counted = sumCounts({ counts });
  if (counted.answered > 0) return counted;
  const pilot = await countPilot(prober, { snapshot, timeoutMs, signal: request.signal });
  asking.probes += pilot.answered + pilot.unanswered;
  return pilot;
}

function sumCounts({ counts }: Pick<EngineResult, 'counts'>): ProbeCount {
  return sumPath([...counts.values()]);
}

async function sweepAgain(asking: Asking, addresses: readonly string[]): Promise<void> {
  const { engine, request } = asking;
  const again = await engine.run({
    ...request,
    addresses,
    options: { ...request.options, discovery: { kind: 'skip' } },
    onProgress: () => undefined,
  });
  asking.snapshot = replaceHosts(asking.snapshot, again.snapshot.hosts);
  const swept = new Set(addresses);
  const hosts = asking.snapshot.hosts.filter(
    ({ address, status }) => swept.has(address) && status === 'up',
  );
  const doubts = listAllDoubts(asking, { hosts, uncovered: [] });
  asking.findings.push(...(await confirm(asking, doubts)));
}

function countOutcomes(findings: readonly Finding[]) {
  const count = (outcome: Finding['outcome']) =>
    findings.filter((finding) => finding.outcome === outcome).length;
  return {
    refuted: count('refuted'),
    confirmed: count('confirmed'),
    undecided: count('undecided'),
    unasked: count('unasked'),
  };
}
