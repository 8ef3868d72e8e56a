import { type ChildProcessByStdio, execFile, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** One run of a program, without a shell. */
export interface ProcessRequest {
  /** Absolute path: see findExecutable. */
  readonly path: string;
  readonly args: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  /** Of root, the program keeps raw sockets and nothing else: only where `canConfine` says so. */
  readonly confined?: boolean;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Bytes of standard output; a false answer ends the process, as nothing more is wanted. */
  readonly onOutput: (chunk: Buffer) => boolean;
}

/** How a process ended, and who wanted it to. `stderr` is the last 4 kB. */
export interface ProcessEnding {
  readonly code: number | null;
  readonly killedBy: string | null;
  readonly stopped: 'cancelled' | 'timeout' | 'unwanted' | null;
  readonly stderr: string;
  readonly startError?: Error;
}

const GRACE_MS = 1000;
const STDERR_BYTES = 4096;
const PASSED_ON = ['PATH', 'HOME', 'NMAPDIR', 'TZ', 'LD_LIBRARY_PATH'];

/** Finds a program by name in PATH, or checks a path. Null when it is not there or not executable. */
export function findExecutable(name: string, environment: NodeJS.ProcessEnv): string | null {
  const folders = (environment.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const paths = name.includes('/') ? [name] : folders.map((folder) => join(folder, name));
  return paths.find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Runs a program in its own process group and waits for its end. Abort and time-out send SIGTERM to
 * the group, and SIGKILL a second later. Where util-linux's setpriv exists, the program also dies
 * with this process, however that ends. Our own environment (its secrets) is not passed on.
 */
export function runProcess(request: ProcessRequest): Promise<ProcessEnding> {
  return new Promise((resolve) => {
    const child = startProcess(request);
    const watch = watchProcess(child, request);
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => {
      if (!request.onOutput(chunk)) watch.stop('unwanted');
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr = (stderr + chunk.toString('utf8')).slice(-STDERR_BYTES);
    });
    child.once('error', (startError) => {
      watch.end();
      resolve({ code: null, killedBy: null, stopped: watch.stopped(), stderr, startError });
    });
    // Whatever the program started and left behind must not hold its pipes open, nor live on.
    child.once('exit', () => killGroup(child.pid, 'SIGKILL'));
    child.once('close', (code, killedBy) => {
      watch.end();
      resolve({ code, killedBy, stopped: watch.stopped(), stderr });
    });
  });
}

/**
 * setpriv's words (util-linux) by which a program of root runs as nobody, may open raw sockets, and can
 * get no other right, not by a set-uid program either: whatever takes it over by what the network
 * answers has neither root's files nor its processes.
 */
const CONFINED: readonly string[] = [
  ...['--reuid', '65534', '--regid', '65534', '--clear-groups', '--no-new-privs'],
  ...['--bounding-set=-all,+net_raw', '--inh-caps=-all,+net_raw', '--ambient-caps=-all,+net_raw'],
];

/**
 * Whether we are root and the program runs with these rights alone; tried with arguments that do nothing.
 * Not where setpriv is missing, root itself lacks rights, or nobody cannot read what the program needs.
 */
export async function canConfine(
  path: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<boolean> {
  const setpriv = process.geteuid?.() === 0 ? findExecutable('setpriv', environment) : null;
  if (!setpriv) return false;
  return execute(setpriv, [...CONFINED, '--', path, ...args], { timeout: 10_000 }).then(
    () => true,
    () => false,
  );
}

function startProcess(request: ProcessRequest): ChildProcessByStdio<null, Readable, Readable> {
  const { path, args, environment, confined = false } = request;
  const setpriv = findExecutable('setpriv', environment);
  const words = setpriv
    ? [...(confined ? CONFINED : []), '--pdeathsig', 'KILL', '--', path, ...args]
    : [...args];
  const env = Object.fromEntries(PASSED_ON.map((name) => [name, environment[name]]));
  return spawn(setpriv ?? path, words, {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...env, LC_ALL: 'C' },
  });
}

function watchProcess(
  child: ChildProcessByStdio<null, Readable, Readable>,
  { signal, timeoutMs }: ProcessRequest,
) {
  let stopped: ProcessEnding['stopped'] = null;
  let kill: NodeJS.Timeout | undefined;
  const stop = (why: NonNullable<typeof stopped>) => {
    if (stopped) return;
    stopped = why;
    killGroup(child.pid, 'SIGTERM');
    kill = setTimeout(() => {
      killGroup(child.pid, 'SIGKILL');
      child.stdout.destroy();
      child.stderr.destroy();
    }, GRACE_MS);
  };
  const cancel = () => stop('cancelled');
  const timer = setTimeout(() => stop('timeout'), timeoutMs);
  signal.addEventListener('abort', cancel, { once: true });
  if (signal.aborted) cancel();
  return {
    stop,
    stopped: () => stopped,
    end: () => {
      clearTimeout(timer);
      clearTimeout(kill);
      signal.removeEventListener('abort', cancel);
    },
  };
}

function killGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // The group has ended by itself.
  }
}
