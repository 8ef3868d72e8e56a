import { listDecoys } from '@netdelta/core/evidence/answers-everything.ts';
import {
  decidePath,
  isMassLoss,
  listSilenced,
  type PathState,
} from '@netdelta/core/evidence/common-cause.ts';
import { type Doubt, doubtKey, isBelievedUp, listDoubts } from '@netdelta/core/evidence/doubt.ts';
import type { Finding } from '@netdelta/core/evidence/finding.ts';
import {
  estimateLoss,
  meanLoss,
  NO_PROBES,
  type ProbeCount,
  sumPath,
} from '@netdelta/core/evidence/loss.ts';
import { doubtSentinels, type Sentinel } from '@netdelta/core/evidence/sentinel.ts';
import {
  listRevived,
  replaceHosts,
  uncoverDoubts,
  voidSilence,
} from '@netdelta/core/evidence/settle.ts';
import type { Sight } from '@netdelta/core/host/decide-sight.ts';
import type { HostObservation, Snapshot } from '@netdelta/core/snapshot/snapshot.ts';
import type { ConfirmationCost } from '../../db/tables.ts';
import type { Engine, EngineRequest, EngineResult } from '../../engines/engine.ts';
import { createOwnAddressTest } from '../../engines/own-addresses.ts';
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
const LONGEST_PROBE_MS = 2_000;
/** After that no round of asking again begins: what is undecided then waits for the next scan. */
const LONGEST_ASKING_MS = 10 * 60_000;
/** However long that took, the sentinels are heard in full. */
const LONGEST_SENTINELS_MS = 60_000;

/** A look on its way: what is known of the shard so far. */
interface Asking extends LookParts {
  readonly request: LookRequest;
  counts: EngineResult['counts'];
  readonly timeoutMs: number;
  /** By performance.now(). */
  deadline: number;
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
  const { findings, sentinels, openDecoys, probes, path } = asking;
  const ms = Math.round(performance.now() - started);
  const told = path ?? sumCounts(result);
  const loss = told.answered > 0 ? meanLoss(told) : null;
  return {
    result,
    sight: {
      snapshot: request.signal.aborted ? keepCertain(asking) : asking.snapshot,
      ...{ findings, sentinels, path: state, openDecoys },
    },
    cost: { probes, ms, loss, ...countOutcomes(findings) },
  };
}

/** What a look that was called off may say: neither silence nor anything else that is in doubt. */
function keepCertain(asking: Asking): Snapshot {
  const { findings, openDecoys, request, snapshot } = asking;
  const settled = new Set(
    findings
      .filter(({ outcome }) => outcome === 'refuted' || outcome === 'confirmed')
      .map(({ doubt }) => doubtKey(doubt)),
  );
  const open = listAllDoubts(asking, snapshot).filter((doubt) => !settled.has(doubtKey(doubt)));
  const isSuspect = (seen: HostObservation) =>
    openDecoys[seen.address] === undefined &&
    listDecoys(request.known.get(seen.address), seen, request.seed).length > 0;
  const { hosts, uncovered } = uncoverDoubts(voidSilence(snapshot, 'cancelled'), open);
  const suspects = hosts.filter(isSuspect);
  return {
    hosts: hosts.filter((host) => !suspects.includes(host)),
    uncovered: [
      ...uncovered,
      ...suspects.map(({ address }) => ({ address, reason: 'cancelled' as const })),
    ],
  };
}

function beginAsking(parts: LookParts, request: LookRequest, result: EngineResult): Asking {
  const { snapshot, counts } = result;
  const { probeTimeoutMs = PROBE_TIMEOUT_MS } = request.options;
  const nothing = { sentinels: [], path: null, openDecoys: {}, probes: 0 };
  return {
    ...{ ...parts, ...nothing, request, counts, findings: [], snapshot },
    timeoutMs: Math.min(probeTimeoutMs, LONGEST_PROBE_MS),
    deadline: performance.now() + LONGEST_ASKING_MS,
  };
}

async function settleDoubts(asking: Asking): Promise<PathState> {
  const doubts = listAllDoubts(asking, asking.snapshot);
  const findings = await confirm(asking, doubts);
  asking.findings.push(...findings);
  const revived = listRevived(findings, asking.snapshot);
  if (revived.length > 0) await sweepAgain(asking, revived);
  const { prober, request, timeoutMs } = asking;
  const { hosts } = asking.snapshot;
  const decoys = await askDecoys(prober, { ...request, hosts, timeoutMs });
  asking.openDecoys = decoys.openDecoys;
  asking.probes += decoys.probes;
  return askPath(asking);
}

function listAllDoubts({ request }: Asking, { hosts }: Snapshot): readonly Doubt[] {
  return hosts.flatMap((seen) => listDoubts(request.known.get(seen.address), seen));
}

/** Asks the sentinels, last of all, when anything has stayed silent: the scanner itself may have failed. */
async function askPath(asking: Asking): Promise<PathState> {
  const { known, sentinels } = asking.request;
  const silenced = new Set(listSilenced(asking.findings));
  if (silenced.size === 0 || asking.request.signal.aborted) return 'clear';
  const { hosts } = asking.snapshot;
  // One that is up has contacts that answered this very sweep, whatever else of it is silent.
  const gone = new Set(listSilenced(asking.findings.filter(({ doubt }) => doubt.kind === 'host')));
  const others = hosts.filter(({ address }) => !gone.has(address));
  const doubts = doubtSentinels(sentinels, others, createOwnAddressTest());
  asking.deadline = performance.now() + LONGEST_SENTINELS_MS;
  asking.sentinels = await confirm(asking, doubts);
  if (asking.request.signal.aborted) return 'clear';
  const believedUp = hosts.filter(({ address }) => isBelievedUp(known.get(address))).length;
  return decidePath(isMassLoss(gone.size, believedUp), asking.sentinels);
}

async function confirm(asking: Asking, doubts: readonly Doubt[]): Promise<readonly Finding[]> {
  if (doubts.length === 0) return [];
  const { prober, request, timeoutMs, deadline } = asking;
  if (!asking.path) await measurePath(asking, doubts);
  const { counts, path } = asking;
  const { findings, probes } = await confirmDoubts(prober, {
    doubts,
    lossOf: (address) => estimateLoss(counts.get(address) ?? NO_PROBES, path ?? NO_PROBES),
    timeoutMs,
    deadline,
    signal: request.signal,
  });
  asking.probes += probes;
  return findings;
}

/** What the engine counted; one that does not count is helped by a pilot. */
async function measurePath(asking: Asking, doubts: readonly Doubt[]): Promise<void> {
  const { prober, snapshot, timeoutMs, request } = asking;
  asking.path = sumCounts(asking);
  if (asking.path.answered > 0) return;
  const { signal } = request;
  const { hosts } = snapshot;
  const doubted = new Set(doubts.map(({ address }) => address));
  asking.counts = await countPilot(prober, { hosts, doubted, timeoutMs, signal });
  asking.path = sumCounts(asking);
  asking.probes += asking.path.answered + asking.path.unanswered;
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
