import { formatPortSet } from '@netdelta/core/snapshot/port-set.ts';
import type { Protocol } from '@netdelta/core/snapshot/snapshot.ts';
import type { NmapReaderListener } from '../../formats/nmap/elements.ts';
import { createNmapReader, type NmapRunFacts } from '../../formats/nmap/parse.ts';
import type { EngineAbility } from '../engine.ts';
import { findExecutable, type ProcessEnding, runProcess } from '../process.ts';
import { buildTopListArguments } from './args.ts';
import { findStrangeWord } from './check-arguments.ts';
import { detectNmap } from './detect.ts';

export interface NmapProgramParts {
  /** Name (looked for in PATH) or path of the program. */
  readonly path?: string;
  readonly environment?: NodeJS.ProcessEnv;
  /** How long an answer of `detect` holds, in ms. */
  readonly abilityMs?: number;
}

/** One run. The arguments end with the addresses, and make nmap print XML (`-oX -`). */
export interface NmapCall {
  readonly args: readonly string[];
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Hears what is found while nmap runs. */
  readonly listener: NmapReaderListener;
  readonly onOutput?: (chunk: Buffer) => void;
}

/** How a run ended, and what nmap said of it. */
export interface NmapReturn {
  readonly process: ProcessEnding;
  readonly facts: NmapRunFacts;
}

/** The program itself, for whoever has something to ask of it. Nothing runs before one of these is called. */
export interface NmapProgram {
  readonly detect: () => Promise<EngineAbility>;
  readonly run: (call: NmapCall) => Promise<NmapReturn>;
  /** Its `count` most common ports, as a list (`22,80-82`); empty when it could not say. Sends no packet. */
  readonly selectTopPorts: (
    top: { protocol: Protocol; count: number },
    signal: AbortSignal,
  ) => Promise<string>;
}

const MINUTE_MS = 60_000;
/** setTimeout holds 31 bits. */
const LONGEST_MS = 2 ** 31 - 1;

export function createNmapProgram(parts: NmapProgramParts = {}): NmapProgram {
  const { path = 'nmap', environment = process.env, abilityMs = 10_000 } = parts;
  let known: { until: number; ability: Promise<EngineAbility> } | undefined;
  const detect = () => {
    if (!known || performance.now() > known.until) {
      const ability = detectNmap({ path, environment });
      known = { until: performance.now() + abilityMs, ability };
    }
    return known.ability;
  };
  const run = async (call: NmapCall) => {
    const { confined = false } = await detect();
    return runCall({ path, environment, confined }, call);
  };
  const topLists = new Map<string, string>();
  return {
    detect,
    run,
    selectTopPorts: async ({ protocol, count }, signal) => {
      const key = `${protocol} ${count}`;
      const text = topLists.get(key) ?? (await askTopPorts(run, { protocol, count }, signal));
      // An empty answer is nmap's failure, which the next run may not have.
      if (text !== '') topLists.set(key, text);
      return text;
    },
  };
}

async function runCall(
  {
    path,
    environment,
    confined,
  }: { path: string; environment: NodeJS.ProcessEnv; confined: boolean },
  { args, timeoutMs, signal, listener, onOutput }: NmapCall,
): Promise<NmapReturn> {
  const strange = findStrangeWord(args);
  if (strange !== null) throw new Error(`nmap is not given "${strange}": that is no word of ours`);
  const reader = createNmapReader(listener);
  let failure: unknown;
  const ending = await runProcess({
    path: findExecutable(path, environment) ?? path,
    args,
    environment,
    confined,
    timeoutMs: Math.min(timeoutMs, LONGEST_MS),
    signal,
    onOutput: (chunk) => {
      onOutput?.(chunk);
      try {
        reader.write(chunk);
      } catch (error) {
        // Whoever listens failed: that ends nmap first, and then whoever asked for it.
        failure = error;
        return false;
      }
      return reader.problem() === undefined;
    },
  });
  if (failure) throw failure;
  return { process: ending, facts: reader.end() };
}

async function askTopPorts(
  run: NmapProgram['run'],
  { protocol, count }: { protocol: Protocol; count: number },
  signal: AbortSignal,
): Promise<string> {
  const args = buildTopListArguments(protocol, count);
  const listener = { onHost: () => undefined };
  const { facts } = await run({ args, timeoutMs: MINUTE_MS, signal, listener });
  return formatPortSet([...facts.services.tcp, ...facts.services.udp]);
}
