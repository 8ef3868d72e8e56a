import { constants } from 'node:fs';
import { access, stat, statfs } from 'node:fs/promises';
import path from 'node:path';
import type { Config } from '../../config.ts';
import { isCode } from '../../db/embedded-files.ts';
import { type Check, failed, ok } from './check.ts';
import { decideFreeSpace, decideKeyMode } from './decide.ts';

/** The data folder: writable (or makeable), with room, and its key read by nobody else. Changes nothing. */
export async function checkFolder(config: Pick<Config, 'dataDir' | 'secretKey'>): Promise<Check[]> {
  const { dataDir } = config;
  const place = await nearestFolder(dataDir);
  const made = place === dataDir;
  return [
    await checkWritable(dataDir, place, made),
    await checkSpace(dataDir, place),
    await checkKey(config),
  ];
}

/** The folder itself or, where it is still to be made, the one in which it would be. */
async function nearestFolder(folder: string): Promise<string> {
  const found = await stat(folder).catch(() => null);
  const parent = path.dirname(folder);
  return found || parent === folder ? folder : nearestFolder(parent);
}

async function checkWritable(dataDir: string, place: string, made: boolean): Promise<Check> {
  const what = 'data folder';
  const remedy = 'Choose a folder that this user may write to: NETDELTA_DATA_DIR.';
  try {
    if (!(await stat(place)).isDirectory()) return failed(what, `${place} is no folder`, remedy);
    await access(place, constants.W_OK | constants.X_OK);
    return ok(what, made ? dataDir : `${dataDir} will be made at the first start`);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return failed(what, `${dataDir} cannot be written to (${why})`, remedy);
  }
}

async function checkSpace(dataDir: string, place: string): Promise<Check> {
  try {
    const { bavail, bsize } = await statfs(place);
    return decideFreeSpace(dataDir, bavail * bsize);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return failed('free space', `cannot be read (${why})`, 'Check NETDELTA_DATA_DIR.');
  }
}

async function checkKey({
  dataDir,
  secretKey,
}: Pick<Config, 'dataDir' | 'secretKey'>): Promise<Check> {
  if (secretKey) return ok('secret key', 'from NETDELTA_SECRET_KEY');
  const file = path.join(dataDir, 'secret-key');
  try {
    return decideKeyMode(file, (await stat(file)).mode);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return decideKeyMode(file, null);
    const why = error instanceof Error ? error.message : String(error);
    return failed('secret key', `cannot be looked at (${why})`, `Check who owns ${dataDir}.`);
  }
}
