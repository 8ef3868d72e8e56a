import { createWriteStream } from 'node:fs';
import { glob, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';

/** A file to be read. `named`: by a person, not found in a folder. */
export interface ListedFile {
  readonly name: string;
  readonly path: string;
  readonly named: boolean;
}

export interface FileList {
  readonly files: readonly ListedFile[];
  readonly problems: readonly string[];
  /** Removes what was put aside of standard input. */
  readonly discard: () => Promise<void>;
}

const STANDARD_INPUT = '-';
const GLOB = /[*?[\]{}]/;
const MOST_FILES = 100_000;

/**
 * Finds the files that words on the command line mean: files, folders with all below them, globs
 * (for shells that expand none), and `-` for standard input, which is put aside as it is read twice.
 */
export async function listFiles(
  words: readonly string[],
  input: () => AsyncIterable<Uint8Array>,
): Promise<FileList> {
  const files = new Map<string, ListedFile>();
  const problems: string[] = [];
  let folder: string | null = null;
  for (const word of words) {
    if (word === STANDARD_INPUT) {
      folder ??= await mkdtemp(path.join(tmpdir(), 'netdelta-import-'));
      const aside = path.join(folder, 'standard-input');
      if (!files.has(aside)) await pipeline(input(), createWriteStream(aside, { mode: 0o600 }));
      files.set(aside, { name: 'standard input', path: aside, named: true });
      continue;
    }
    const found = await find(word);
    if (found.length === 0) problems.push(describeNothing(word));
    for (const file of found)
      if (files.size < MOST_FILES && !files.get(path.resolve(file.path))?.named)
        files.set(path.resolve(file.path), file);
  }
  if (files.size >= MOST_FILES)
    problems.push(`More than ${MOST_FILES} files: import them in several runs, oldest first.`);
  const discard = async () => {
    if (folder) await rm(folder, { recursive: true, force: true });
  };
  return { files: [...files.values()], problems, discard };
}

async function find(word: string): Promise<ListedFile[]> {
  const there = await stat(word).catch(() => null);
  if (there?.isDirectory()) return findBelow(word);
  // What is not there is told when it is read.
  if (there || !GLOB.test(word)) return [{ name: word, path: word, named: true }];
  const found: ListedFile[] = [];
  for await (const name of glob(word)) {
    const match = await stat(name).catch(() => null);
    if (match?.isDirectory()) found.push(...(await findBelow(name)));
    else found.push({ name, path: name, named: true });
  }
  return found;
}

async function findBelow(folder: string): Promise<ListedFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort()
    .map((name) => ({ name, path: name, named: false }));
}

function describeNothing(word: string): string {
  return GLOB.test(word)
    ? `${word}: no file matches this`
    : `${word}: there is no file in this folder`;
}
