import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const ROOT = path.resolve(import.meta.dirname, '..');
const NODE = path.join(ROOT, 'node_modules/.bin/node');
const NETDELTA = path.join(ROOT, 'server/bin/netdelta.mjs');
const END_PATIENCE_MS = 20_000;
const POLL_MS = 50;

/** A `netdelta` that runs, as a person at a terminal sees it. */
export interface Program {
  readonly pid: number;
  /** Everything that it printed on both of its outputs so far. */
  readonly printed: () => string;
  /** The first match of `pattern` in what it prints; rejects when it ends before. */
  readonly says: (pattern: RegExp) => Promise<RegExpExecArray>;
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
  readonly send: (signal: NodeJS.Signals) => void;
}

/** Starts `netdelta <args>` in an environment that holds nothing of the tester's but PATH and HOME. */
export function startProgram(
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Program {
  const { PATH, HOME } = process.env;
  const child = spawn(NODE, [NETDELTA, ...args], {
    env: { PATH, HOME, TZ: 'UTC', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
  const ended = once(child, 'close').then(([code, signal]) => code ?? signal);
  return {
    pid: requirePid(child),
    printed: () => text,
    says: (pattern) => waitForWords(pattern, { printed: () => text, child }),
    ended,
    send: (signal) => void child.kill(signal),
  };
}

/** Runs `netdelta <args>` to its end. */
export async function runProgram(
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<{ code: number | string; printed: string }> {
  const program = startProgram(args, environment);
  const code = await program.ended;
  return { code, printed: program.printed() };
}

/** Ends all of them as Ctrl-C does, the last one first; kills what does not obey, and then throws. */
export async function endPrograms(programs: readonly Program[]): Promise<void> {
  const stubborn: number[] = [];
  for (const program of programs.toReversed()) {
    program.send('SIGINT');
    const inTime = program.ended.then(() => true);
    if (await Promise.race([inTime, sleep(END_PATIENCE_MS, false, { ref: false })])) continue;
    program.send('SIGKILL');
    stubborn.push(program.pid);
  }
  if (stubborn.length > 0) throw new Error(`did not end at Ctrl-C: ${stubborn.join(', ')}`);
}

/** A port of 127.0.0.1 on which nobody listens now. */
export async function findFreePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address !== 'object' || !address) throw new Error('no port');
  return address.port;
}

/** Asks again and again until the answer is neither undefined nor false; throws after `patienceMs`. */
export async function waitFor<Answer>(
  what: string,
  ask: () => Promise<Answer | undefined | false>,
  patienceMs = 60_000,
): Promise<Answer> {
  const end = performance.now() + patienceMs;
  while (performance.now() < end) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    await sleep(POLL_MS);
  }
  throw new Error(`waited ${patienceMs} ms for ${what}`);
}

/** The pids of all processes whose command line has all these words in it (proc(5)). */
export async function findProcesses(...words: readonly string[]): Promise<number[]> {
  const entries = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    entries.map(async (pid) => {
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      return words.every((word) => command.includes(word)) ? [Number(pid)] : [];
    }),
  );
  return found.flat();
}

/** Which process started this one; null when it is gone (proc(5), field 4 of stat). */
export async function parentOf(pid: number): Promise<number | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const afterName = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return stat === '' ? null : Number(afterName[1]);
}

async function waitForWords(
  pattern: RegExp,
  { printed, child }: { printed: () => string; child: ChildProcess },
): Promise<RegExpExecArray> {
  return waitFor(`"${pattern.source}"`, async () => {
    const match = pattern.exec(printed());
    if (match) return match;
    if (child.exitCode === null && child.signalCode === null) return undefined;
    throw new Error(`it ended without saying "${pattern.source}":\n${printed()}`);
  }).catch((error: Error) => {
    throw new Error(`${error.message}; it printed:\n${printed()}`);
  });
}

function requirePid({ pid }: ChildProcess): number {
  if (pid === undefined) throw new Error('the program could not be started');
  return pid;
}
