import type { HostObservation, Protocol, UncoveredHost } from '@netdelta/core/snapshot/snapshot.ts';
import type { NmapReaderListener } from '../../formats/nmap/elements.ts';
import type { Engine, EngineAbility, EngineRequest, EngineResult } from '../engine.ts';
import { buildNmapArguments, type NmapArguments, needsTopLists } from './args.ts';
import { decideEnd } from './ending.ts';
import { createNmapProgram, type NmapProgram } from './program.ts';
import { createNmapProgress } from './progress.ts';

/** More XML than this is not kept: it is the output of one shard, usually well below 1 MB. */
const OUTPUT_BYTES = 32 * 1024 * 1024;
const MINUTE_MS = 60_000;

/** nmap as an engine: the program alone asks. Nothing runs until `detect` or `run` is called. */
export function createNmapEngine(program: NmapProgram = createNmapProgram()): Engine {
  return { name: 'nmap', detect: program.detect, run: (request) => runNmap(program, request) };
}

async function runNmap(program: NmapProgram, request: EngineRequest): Promise<EngineResult> {
  const ability = await program.detect();
  if (!ability.available) return refuse(request, ability, ability.note);
  const top = ability.privileged ? await readTopLists(program, request) : {};
  if (request.signal.aborted) return refuse(request, ability);
  const { addresses, options, allowedScripts, loss } = request;
  const { privileged } = ability;
  const words = buildNmapArguments({
    ...{ options, allowedScripts, addresses, privileged, top, loss },
  });
  if (words.problems.length > 0) return refuse(request, ability, `${words.problems.join('; ')}.`);
  return scan({ program, ability, words }, request);
}

interface Plan {
  readonly program: NmapProgram;
  readonly ability: EngineAbility;
  readonly words: NmapArguments;
}

async function scan(plan: Plan, request: EngineRequest): Promise<EngineResult> {
  const { program, ability, words } = plan;
  const { addresses, options, signal } = request;
  const found = createCollection(request);
  const output = createOutput();
  const { process: ending, facts } = await program.run({
    args: words.withAddresses,
    timeoutMs: options.shardTimeoutMinutes * MINUTE_MS,
    signal,
    listener: found.listener,
    onOutput: output.keep,
  });
  const { hosts, gaveUp } = found;
  const timedOut = [...gaveUp.values()].filter(({ reason }) => reason === 'host-timeout').length;
  const decision = decideEnd({
    process: ending,
    facts,
    asked: addresses.length,
    seen: hosts.size,
    timedOut,
    timeoutMinutes: options.shardTimeoutMinutes,
  });
  return {
    ...describeWhole(decision, words),
    snapshot: {
      hosts: [...hosts.values()],
      uncovered: listUncovered(addresses, found, decision.reason),
    },
    counts: new Map(),
    command: ['nmap', ...words.args],
    version: facts.version || (ability.version ?? ''),
    ...output.whole(),
  };
}

/** Keeps what the reader finds, of the addresses that were asked and no others. */
function createCollection({ addresses, onProgress }: EngineRequest) {
  const asked = new Set(addresses);
  const hosts = new Map<string, HostObservation>();
  const gaveUp = new Map<string, UncoveredHost>();
  const progress = createNmapProgress(addresses.length, onProgress);
  const listener: NmapReaderListener = {
    ...progress,
    onHost: (outcome) => {
      if (!asked.has(outcome.host.address)) return;
      if (outcome.kind === 'seen') hosts.set(outcome.host.address, outcome.host);
      else gaveUp.set(outcome.host.address, outcome.host);
      progress.onHost(outcome.kind === 'seen' ? outcome.host : null);
    },
  };
  return { hosts, gaveUp, listener };
}

function listUncovered(
  addresses: readonly string[],
  found: Pick<ReturnType<typeof createCollection>, 'hosts' | 'gaveUp'>,
  reason: UncoveredHost['reason'],
): UncoveredHost[] {
  return addresses
    .filter((address) => !found.hosts.has(address))
    .map((address) => {
      const own = found.gaveUp.get(address);
      return own && own.reason !== 'truncated' ? own : { address, reason };
    });
}

/** A run that left out a part of what was asked to be covered is not a whole one. */
function describeWhole(
  { end, problem }: Pick<EngineResult, 'end' | 'problem'>,
  { omitted }: NmapArguments,
): Pick<EngineResult, 'end' | 'problem'> {
  const notes = [...(problem ? [problem] : []), ...omitted.map((what) => `Left out: ${what}.`)];
  const lacksPorts = omitted.some((what) => what.startsWith('UDP ports'));
  return {
    end: end === 'finished' && lacksPorts ? 'partial' : end,
    ...(notes.length > 0 && { problem: notes.join(' ') }),
  };
}

function createOutput() {
  const chunks: Buffer[] = [];
  let bytes = 0;
  return {
    keep: (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= OUTPUT_BYTES) chunks.push(chunk);
      else chunks.length = 0;
    },
    whole: () => (bytes > 0 && bytes <= OUTPUT_BYTES ? { output: Buffer.concat(chunks) } : {}),
  };
}

async function readTopLists(program: NmapProgram, { options, signal }: EngineRequest) {
  const lists: Partial<Record<Protocol, string>> = {};
  for (const protocol of needsTopLists(options)) {
    const { kind, ...choice } = options[protocol];
    if (kind === 'top' && 'count' in choice)
      lists[protocol] = await program.selectTopPorts({ protocol, count: choice.count }, signal);
  }
  return lists;
}

/** A run that never started: for a reason, or because it was cancelled before. */
function refuse(
  { addresses }: EngineRequest,
  ability: EngineAbility,
  problem?: string,
): EngineResult {
  const reason = problem === undefined ? 'cancelled' : 'engine-error';
  return {
    end: problem === undefined ? 'cancelled' : 'failed',
    ...(problem !== undefined && { problem }),
    snapshot: { hosts: [], uncovered: addresses.map((address) => ({ address, reason })) },
    counts: new Map(),
    command: ['nmap'],
    version: ability.version ?? '',
  };
}
