import { formatPortSet } from '@netdelta/core/snapshot/port-set.ts';
import type { HostObservation, Protocol, UncoveredHost } from '@netdelta/core/snapshot/snapshot.ts';
import type { Engine, EngineAbility, EngineRequest, EngineResult } from '../engine.ts';
import { findExecutable, runProcess } from '../process.ts';
import {
  buildNmapArguments,
  buildTopListArguments,
  type NmapArguments,
  needsTopLists,
} from './args.ts';
import { detectNmap } from './detect.ts';
import { decideEnd } from './ending.ts';
import { createNmapReader } from './parse.ts';
import { createNmapProgress } from './progress.ts';

export interface NmapEngineParts {
  /** Name (looked for in PATH) or path of the program. */
  readonly path?: string;
  readonly environment?: NodeJS.ProcessEnv;
  /** How long an answer of `detect` holds, in ms. */
  readonly abilityMs?: number;
}

/** More XML than this is not kept: it is the output of one shard, usually well below 1 MB. */
const OUTPUT_BYTES = 32 * 1024 * 1024;
const MINUTE_MS = 60_000;
/** setTimeout holds 31 bits. */
const LONGEST_MS = 2 ** 31 - 1;

interface Machine {
  readonly path: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly detect: () => Promise<EngineAbility>;
  readonly topLists: Map<string, string>;
}

/** nmap as an engine. Nothing runs until `detect` or `run` is called. */
export function createNmapEngine(parts: NmapEngineParts = {}): Engine {
  const { path = 'nmap', environment = process.env, abilityMs = 10_000 } = parts;
  let known: { until: number; ability: Promise<EngineAbility> } | undefined;
  const detect = () => {
    if (!known || performance.now() > known.until) {
      const ability = detectNmap({ path, environment });
      known = { until: performance.now() + abilityMs, ability };
    }
    return known.ability;
  };
  const machine: Machine = { path, environment, detect, topLists: new Map() };
  return { name: 'nmap', detect, run: (request) => runNmap(machine, request) };
}

async function runNmap(machine: Machine, request: EngineRequest): Promise<EngineResult> {
  const ability = await machine.detect();
  const path = findExecutable(machine.path, machine.environment);
  if (!ability.available || path === null) return refuse(request, ability, ability.note);
  const top = ability.privileged ? await readTopLists(machine, path, request) : {};
  if (request.signal.aborted) return refuse(request, ability);
  const { addresses, options } = request;
  const words = buildNmapArguments({ options, addresses, privileged: ability.privileged, top });
  if (words.problems.length > 0) return refuse(request, ability, `${words.problems.join('; ')}.`);
  return scan({ machine, path, ability, words }, request);
}

interface Plan {
  readonly machine: Machine;
  readonly path: string;
  readonly ability: EngineAbility;
  readonly words: NmapArguments;
}

async function scan(plan: Plan, request: EngineRequest): Promise<EngineResult> {
  const { machine, path, ability, words } = plan;
  const { addresses, options, signal } = request;
  const found = createCollection(request);
  const output = createOutput();
  const ending = await runProcess({
    path,
    args: words.withAddresses,
    environment: machine.environment,
    timeoutMs: Math.min(options.shardTimeoutMinutes * MINUTE_MS, LONGEST_MS),
    signal,
    onOutput: (chunk) => {
      output.keep(chunk);
      found.reader.write(chunk);
      return found.reader.problem() === undefined;
    },
  });
  const facts = found.reader.end();
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
  const reader = createNmapReader({
    ...progress,
    onHost: (outcome) => {
      if (!asked.has(outcome.host.address)) return;
      if (outcome.kind === 'seen') hosts.set(outcome.host.address, outcome.host);
      else gaveUp.set(outcome.host.address, outcome.host);
      progress.onHost(outcome.kind === 'seen' ? outcome.host : null);
    },
  });
  return { reader, hosts, gaveUp };
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

async function readTopLists(machine: Machine, path: string, { options, signal }: EngineRequest) {
  const lists: Partial<Record<Protocol, string>> = {};
  for (const protocol of needsTopLists(options)) {
    const choice = options[protocol];
    if (choice.kind !== 'top') continue;
    const key = `${protocol} ${choice.count}`;
    const args = buildTopListArguments(protocol, choice.count);
    const text = machine.topLists.get(key) ?? (await askTopList({ machine, path, args }, signal));
    // An empty answer is nmap's failure, which the next run may not have.
    if (text !== '') machine.topLists.set(key, text);
    lists[protocol] = text;
  }
  return lists;
}

async function askTopList(
  { machine, path, args }: { machine: Machine; path: string; args: string[] },
  signal: AbortSignal,
): Promise<string> {
  const reader = createNmapReader({ onHost: () => undefined });
  const onOutput = (chunk: Buffer) => {
    reader.write(chunk);
    return true;
  };
  const { environment } = machine;
  await runProcess({ path, args, environment, timeoutMs: MINUTE_MS, signal, onOutput });
  const { services } = reader.end();
  return formatPortSet([...services.tcp, ...services.udp]);
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
    command: ['nmap'],
    version: ability.version ?? '',
  };
}
