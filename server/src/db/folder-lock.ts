import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { isCode } from './embedded-files.ts';

/** Another NetDelta works with this data folder now. */
export class FolderLockedError extends Error {
  override readonly name = 'FolderLockedError';
  readonly code = 'folder-locked';
  readonly retryable = false;
  readonly pid: number;
  constructor(folder: string, pid: number) {
    super(
      `The data folder ${folder} is in use by another NetDelta (process ${pid}). ` +
        'Stop that one, or choose another folder with NETDELTA_DATA_DIR.',
    );
    this.pid = pid;
  }
}

export interface FolderLock {
  readonly release: () => Promise<void>;
}

const FILE = 'netdelta.pid';

/**
 * Makes the folder (mode 0700) and takes it for this process. A lock that a dead process left is
 * taken over.
 * @throws FolderLockedError when the process that holds it lives.
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = path.join(folder, FILE);
  const mine = `${process.pid} ${await startOf(process.pid)}\n`;
  while (!(await createWhole(file, mine))) await removeStale(folder, file);
  return { release: () => rm(file, { force: true }) };
}

/** The process that holds the folder now; null when none does. Changes nothing. */
export async function holderOf(folder: string): Promise<number | null> {
  const text = await readText(path.join(folder, FILE));
  const [pid = 0, start] = (text ?? '').trim().split(' ').map(Number);
  return text !== null && (await startOf(pid)) === start ? pid : null;
}

/** Creates the file with all its content at once, or says that there is one. */
async function createWhole(file: string, content: string): Promise<boolean> {
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, content, { mode: 0o600 });
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function removeStale(folder: string, file: string): Promise<void> {
  const stale = await readText(file);
  if (stale === null) return;
  const [pid = 0, start] = stale.trim().split(' ').map(Number);
  if ((await startOf(pid)) === start) throw new FolderLockedError(folder, pid);
  const aside = `${file}.${randomUUID()}`;
  await rename(file, aside).catch(() => undefined);
  // Somebody else took the stale lock over in this very moment: give theirs back.
  const moved = await readText(aside);
  if (moved !== null && moved !== stale) await link(aside, file).catch(() => undefined);
  await rm(aside, { force: true });
}

async function readText(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return null;
    throw error;
  }
}

/**
 * When a process started, in clock ticks since boot (proc(5), field 22 of stat), null when there is
 * none: together with the pid it names one process, however often pids are used again.
 */
export async function startOf(pid: number): Promise<number | null> {
  const stat = await readText(`/proc/${pid}/stat`).catch(() => null);
  if (stat === null) return null;
  const afterName = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return afterName[0] === 'Z' ? null : Number(afterName[19]);
}
