import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import type { Log } from '../log.ts';
import type { PostgresPrograms } from './embedded-files.ts';
import { describeCommand, describeStartFailure, ownEnvironment } from './own-rights.ts';

export interface Postmaster {
  readonly ended: Promise<unknown>;
  readonly stop: () => Promise<void>;
}

export interface PostmasterParts {
  readonly programs: PostgresPrograms;
  readonly folder: string;
  readonly socketFolder: string;
  /** Survives no crash, but does not wait for the disk. */
  readonly volatile: boolean;
  readonly log: Log;
}

const ANSWER_TIMEOUT_MS = 2_000;
const POLL_MS = 25;
const STOP_PATIENCE_MS = 8_000;
const LINES_KEPT = 15;
/** Not: that it does not answer while it starts, which we ask all the time. */
const COMPLAINT = /^(FATAL|PANIC): (?! *the database system is)/;

/** Starts Postgres and waits until it answers, however long its recovery takes. @throws EmbeddedError */
export async function startPostmaster(parts: PostmasterParts): Promise<Postmaster> {
  const [command, args] = describeCommand(parts.programs.postgres, settings(parts), true);
  // A session of its own: Ctrl-C at the terminal is for NetDelta, which ends Postgres last.
  const child = spawn(command, args, {
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: ownEnvironment(),
  });
  const lines = collectLines(child, parts.log);
  const ended = once(child, 'exit').catch((error: Error) => void lines.push(error.message));
  if (!(await answers(child, ended, parts.socketFolder)))
    throw describeStartFailure(lines.join('\n'));
  return { ended, stop: () => stop(child, ended) };
}

/** The URL of a database on the Postgres that listens in this folder. */
export function socketUrl(socketFolder: string, database = 'postgres'): string {
  return `postgresql:///${database}?host=${encodeURIComponent(socketFolder)}&user=netdelta`;
}

function settings({ folder, socketFolder, volatile }: PostmasterParts): string[] {
  const values: Record<string, string> = {
    listen_addresses: '',
    unix_socket_directories: socketFolder,
    unix_socket_permissions: '0700',
    max_connections: '100',
    jit: 'off',
    log_timezone: 'UTC',
    log_line_prefix: '',
    ...(volatile && { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  const options = Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return ['-D', folder, ...options];
}

function collectLines(child: ChildProcess, log: Log): string[] {
  const last: string[] = [];
  if (!child.stderr) return last;
  createInterface(child.stderr).on('line', (line) => {
    last.push(line);
    if (last.length > LINES_KEPT) last.shift();
    if (COMPLAINT.test(line)) log.warn({ postgres: line }, 'Postgres complains');
    else log.debug({ postgres: line }, 'Postgres says');
  });
  return last;
}

async function answers(
  child: ChildProcess,
  ended: Promise<unknown>,
  socketFolder: string,
): Promise<boolean> {
  let gone = false;
  void ended.then(() => {
    gone = true;
  });
  while (!gone) {
    if (await canConnect(socketFolder)) return child.exitCode === null;
    await Promise.race([sleep(POLL_MS), ended]);
  }
  // What it printed last is still on its way.
  await sleep(POLL_MS);
  return false;
}

async function canConnect(socketFolder: string): Promise<boolean> {
  // Of a Postgres that has just been killed the socket may still take who comes, and never answer.
  const client = new Client({
    connectionString: socketUrl(socketFolder),
    connectionTimeoutMillis: ANSWER_TIMEOUT_MS,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Fast shutdown; after eight seconds immediate, which costs a recovery at the next start and no data. */
async function stop(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGINT');
  const hurry = setTimeout(() => child.kill('SIGQUIT'), STOP_PATIENCE_MS);
  await ended;
  clearTimeout(hurry);
}
