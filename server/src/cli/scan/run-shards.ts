import type { Finding } from '@netdelta/core/evidence/finding.ts';
import type { HostBelief } from '@netdelta/core/host/belief.ts';
import { settleSight } from '@netdelta/core/host/decide-sight.ts';
import type { ScanOptions } from '@netdelta/core/profile/options.ts';
import type { HostObservation, Snapshot } from '@netdelta/core/snapshot/snapshot.ts';
import { cutShards } from '@netdelta/core/target/cut-shards.ts';
import type { Engine, EngineProgress, EngineResult } from '../../engines/engine.ts';
import type { Prober } from '../../engines/prober/prober.ts';
import { type Look, lookAtShard } from '../../scans/look/look.ts';

export interface ShardsRequest {
  readonly engine: Engine;
  readonly prober: Prober;
  readonly options: ScanOptions;
  /** What the baseline makes one believe; empty without one. */
  readonly known: ReadonlyMap<string, HostBelief>;
  readonly addresses: readonly string[];
  /** The host name that an address came from. */
  readonly names: ReadonlyMap<string, string>;
  readonly signal: AbortSignal;
  /** Of all shards together. */
  readonly onProgress: (progress: EngineProgress) => void;
}

/** What all shards saw. `end` is the worst of theirs; what never began is uncovered. */
export interface ShardsResult {
  readonly end: EngineResult['end'];
  readonly problems: readonly string[];
  /** As it was in the end, asked again wherever it contradicted the baseline. */
  readonly snapshot: Snapshot;
  readonly findings: readonly Finding[];
  readonly engine: Engine['name'];
  readonly version: string;
  /** Of the first shard; those of the others have other addresses, which are left out anyway. */
  readonly command: readonly string[];
  /** The engine's own XML, when it tells all. */
  readonly output?: Buffer;
}

const WORST: readonly EngineResult['end'][] = ['cancelled', 'failed', 'partial', 'finished'];

/** Runs one shard after the other, until the signal is aborted. */
export async function runShards(request: ShardsRequest): Promise<ShardsResult> {
  const { engine, prober, options, signal } = request;
  const shards = cutShards(request.addresses);
  const looks: Look[] = [];
  for (const [seed, addresses] of shards.entries()) {
    if (signal.aborted) break;
    const onProgress = createProgress(request, looks, shards.length);
    const known = pickKnown(request.known, addresses);
    const question = { addresses, options, known, signal, onProgress, seed, sentinels: [] };
    looks.push(await lookAtShard({ engine, prober }, question));
  }
  return joinResults(request, shards, looks);
}

function pickKnown(known: ShardsRequest['known'], addresses: readonly string[]) {
  return new Map(
    addresses.flatMap((address) => {
      const belief = known.get(address);
      return belief ? [[address, belief] as const] : [];
    }),
  );
}

function createProgress({ onProgress }: ShardsRequest, done: readonly Look[], shards: number) {
  const hosts = done.flatMap(({ sight }) => sight.snapshot.hosts);
  const [up, open] = [countUp(hosts), countOpen(hosts)];
  return ({ fraction, hostsUp, servicesOpen }: EngineProgress) =>
    onProgress({
      fraction: (done.length + fraction) / shards,
      hostsUp: up + hostsUp,
      servicesOpen: open + servicesOpen,
    });
}

export function countUp(hosts: readonly HostObservation[]): number {
  return hosts.filter(({ status }) => status === 'up').length;
}

export function countOpen(hosts: readonly HostObservation[]): number {
  const open = hosts.map(({ endpoints }) => endpoints.filter(({ state }) => state === 'open'));
  return open.reduce((sum, { length }) => sum + length, 0);
}

function joinResults(
  { engine, names, signal }: ShardsRequest,
  shards: readonly (readonly string[])[],
  looks: readonly Look[],
): ShardsResult {
  const results = looks.map(({ result }) => result);
  const snapshots = looks.map(({ sight }) => settleSight(sight));
  const findings = looks.flatMap(({ sight }) => sight.findings);
  const [first] = results;
  const unasked = shards.slice(results.length).flat();
  const ends = new Set(results.map(({ end }) => end));
  const end = signal.aborted ? 'cancelled' : (WORST.find((one) => ends.has(one)) ?? 'failed');
  return {
    end,
    findings,
    problems: [
      ...new Set(results.flatMap(({ problem }) => problem ?? [])),
      ...(looks.some(({ sight }) => sight.path !== 'clear') ? [BLIND] : []),
    ],
    snapshot: {
      hosts: snapshots.flatMap(({ hosts }) => hosts).map((host) => addName(host, names)),
      uncovered: [
        ...snapshots.flatMap(({ uncovered }) => uncovered),
        ...unasked.map((address) => ({ address, reason: 'cancelled' as const })),
      ],
    },
    engine: engine.name,
    version: first?.version ?? '',
    command: first?.command ?? [engine.name],
    ...(isWhole(looks) && end === 'finished' && first?.output && { output: first.output }),
  };
}

const BLIND =
  'Very many hosts fell silent at once: the scanner itself, or its way to them, seems to have failed. Nothing was concluded from their silence.';

/** The engine's own output tells all: one shard, and asking again showed nothing else. */
function isWhole(looks: readonly Look[]): boolean {
  const [only] = looks;
  if (!only || looks.length > 1) return false;
  return only.sight.path === 'clear' && only.cost.refuted === 0;
}

function addName(host: HostObservation, names: ReadonlyMap<string, string>): HostObservation {
  const name = names.get(host.address);
  if (name === undefined || host.names.includes(name)) return host;
  return { ...host, names: [name, ...host.names] };
}
