import type { ScanOptions } from '@netdelta/core/profile/options.ts';
import type { HostObservation, Snapshot } from '@netdelta/core/snapshot/snapshot.ts';
import { cutShards } from '@netdelta/core/target/cut-shards.ts';
import type { Engine, EngineProgress, EngineResult } from '../../engines/engine.ts';

export interface ShardsRequest {
  readonly engine: Engine;
  readonly options: ScanOptions;
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
  readonly snapshot: Snapshot;
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
  const { engine, options, signal } = request;
  const shards = cutShards(request.addresses);
  const results: EngineResult[] = [];
  for (const addresses of shards) {
    if (signal.aborted) break;
    const onProgress = createProgress(request, results, shards.length);
    results.push(await engine.run({ addresses, options, known: new Map(), signal, onProgress }));
  }
  return joinResults(request, shards, results);
}

function createProgress(
  { onProgress }: ShardsRequest,
  done: readonly EngineResult[],
  shards: number,
) {
  const hosts = done.flatMap(({ snapshot }) => snapshot.hosts);
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
  results: readonly EngineResult[],
): ShardsResult {
  const [first] = results;
  const unasked = shards.slice(results.length).flat();
  const ends = new Set(results.map(({ end }) => end));
  const end = signal.aborted ? 'cancelled' : (WORST.find((one) => ends.has(one)) ?? 'failed');
  return {
    end,
    problems: [...new Set(results.flatMap(({ problem }) => problem ?? []))],
    snapshot: {
      hosts: results.flatMap(({ snapshot }) => snapshot.hosts).map((host) => addName(host, names)),
      uncovered: [
        ...results.flatMap(({ snapshot }) => snapshot.uncovered),
        ...unasked.map((address) => ({ address, reason: 'cancelled' as const })),
      ],
    },
    engine: engine.name,
    version: first?.version ?? '',
    command: first?.command ?? [engine.name],
    ...(results.length === 1 && end === 'finished' && first?.output && { output: first.output }),
  };
}

function addName(host: HostObservation, names: ReadonlyMap<string, string>): HostObservation {
  const name = names.get(host.address);
  if (name === undefined || host.names.includes(name)) return host;
  return { ...host, names: [name, ...host.names] };
}
