import { randomBytes } from 'node:crypto';
import { access, link, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { deriveKeys, type SecretKeys } from './secret-keys.ts';

/** What is configured of the secret keys. */
export interface KeySource {
  /** Null: the first of the file. */
  readonly secretKey: string | null;
  /** By which is only read. */
  readonly oldSecretKeys: readonly string[];
  readonly dataDir: string;
}

/** The secret keys cannot be read, or are none. */
export class SecretKeyError extends Error {
  override readonly name = 'SecretKeyError';
  readonly code = 'secret-key';
  readonly retryable = false;
}

const KEY_BYTES = 32;
const LEAST_CHARACTERS = 32;

/** Holds one key a line, the current one first, unless NETDELTA_SECRET_KEY is set: then all are earlier ones. */
export function keyFileOf(dataDir: string): string {
  return path.join(dataDir, 'secret-key');
}

/** The keys at the start of a program: where there is none, the file is made (mode 0600). @throws SecretKeyError */
export async function prepareSecretKeys(source: KeySource): Promise<SecretKeys> {
  if (!source.secretKey) await makeKeyFile(source.dataDir);
  return readSecretKeys(source);
}

/**
 * The keys as they are now: NETDELTA_SECRET_KEY or the first line of the file, then the earlier ones.
 * @throws SecretKeyError
 */
export async function readSecretKeys(source: KeySource): Promise<SecretKeys> {
  const { secretKey, oldSecretKeys, dataDir } = source;
  const lines = await readLines(keyFileOf(dataDir));
  const [current, ...earlier] = [...(secretKey ? [secretKey] : []), ...lines, ...oldSecretKeys];
  if (!current || (!secretKey && lines.length === 0))
    throw new SecretKeyError(
      `There is no secret key in ${keyFileOf(dataDir)}. Bring the file back from a backup, or give the key in NETDELTA_SECRET_KEY.`,
    );
  return deriveKeys([current, ...earlier]);
}

/** Puts a new key before the others. @throws SecretKeyError */
export async function addKey(dataDir: string): Promise<void> {
  const file = keyFileOf(dataDir);
  await replaceFile(file, [newKey(), ...(await readLines(file))]);
}

/** Keeps the first key alone; answers how many were dropped. @throws SecretKeyError */
export async function dropEarlierKeys(dataDir: string): Promise<number> {
  const file = keyFileOf(dataDir);
  const lines = await readLines(file);
  if (lines.length > 1) await replaceFile(file, lines.slice(0, 1));
  return Math.max(lines.length - 1, 0);
}

async function readLines(file: string): Promise<string[]> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return [];
    throw new SecretKeyError(`The secret key cannot be read: ${describe(error)}.`, {
      cause: error,
    });
  }
  const lines = text.split('\n').map((line) => line.trim());
  const keys = lines.filter((line) => line !== '');
  if (keys.some((key) => key.length < LEAST_CHARACTERS))
    throw new SecretKeyError(
      `${file} is damaged: each of its lines has to be a secret key of ${LEAST_CHARACTERS} characters or more. Bring it back from a backup.`,
    );
  return keys;
}

/** Whoever comes second finds the first one's file, whole. */
async function makeKeyFile(dataDir: string): Promise<void> {
  const file = keyFileOf(dataDir);
  if (await isThere(file)) return;
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const made = await writeBeside(file, [newKey()]);
  try {
    await link(made, file);
    await keepNames(dataDir);
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
  } finally {
    await rm(made);
  }
}

async function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    (error) => !isCode(error, 'ENOENT'),
  );
}

/** The new file belongs to whom the old one did: root may exchange the key of a server of less rights. */
async function replaceFile(file: string, keys: readonly string[]): Promise<void> {
  await rename(await writeBeside(file, keys, await stat(file)), file);
  await keepNames(path.dirname(file));
}

/** A new name is on the disk before anything is sealed with its key, or a power failure could lose both. */
async function keepNames(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function writeBeside(
  file: string,
  keys: readonly string[],
  owner: { readonly uid: number; readonly gid: number } | null = null,
): Promise<string> {
  const beside = `${file}.${randomBytes(6).toString('hex')}`;
  const handle = await open(beside, 'wx', 0o600);
  try {
    if (owner) await handle.chown(owner.uid, owner.gid);
    await handle.writeFile(`${keys.join('\n')}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return beside;
}

function newKey(): string {
  return randomBytes(KEY_BYTES).toString('hex');
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
