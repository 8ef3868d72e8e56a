import { readFile, readlink, realpath, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../log.ts';
import { EmbeddedError } from './embedded-error.ts';
import { isCode } from './embedded-files.ts';

const PATIENCE_MS = { SIGINT: 10_000, SIGQUIT: 5_000 };

/**
 * Ends a Postgres that a killed NetDelta left on this folder, and removes the pid file of a dead one
 * (its number may belong to another program by now, which Postgres would take for itself). Only for
 * who holds the folder's lock.
 * @throws EmbeddedError when it does not end.
 */
export async function endLeftOver(folder: string, log: Log): Promise<void> {
  const file = path.join(folder, 'postmaster.pid');
  const pid = await readPid(file);
  if (pid === null) return;
  if (await worksIn(pid, folder)) {
    log.warn({ pid }, 'stopping the Postgres that an earlier NetDelta left');
    await end(pid, folder);
  }
  await rm(file, { force: true });
}

async function readPid(file: string): Promise<number | null> {
  try {
    return Number.parseInt(await readFile(file, 'utf8'), 10);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return null;
    throw error;
  }
}

/** A postmaster's working directory is its data folder. */
async function worksIn(pid: number, folder: string): Promise<boolean> {
  try {
    return (await readlink(`/proc/${pid}/cwd`)) === (await realpath(folder));
  } catch {
    return false;
  }
}

async function end(pid: number, folder: string): Promise<void> {
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if (isCode(error, 'ESRCH')) return;
      throw error;
    }
    if (await goes(pid, folder, PATIENCE_MS[signal])) return;
  }
  throw new EmbeddedError(
    'left-over',
    `A Postgres from an earlier start (process ${pid}) holds ${folder} and does not end. End it, then start again.`,
  );
}

async function goes(pid: number, folder: string, patienceMs: number): Promise<boolean> {
  for (let waited = 0; waited < patienceMs; waited += 50) {
    if (!(await worksIn(pid, folder))) return true;
    await sleep(50);
  }
  return false;
}
