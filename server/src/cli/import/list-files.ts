import { glob, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { STANDARD_INPUT } from '../../formats/open-scan-file.ts';
import { type AsideFile, putAside } from '../../imports/put-aside.ts';

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
  let aside: AsideFile | undefined;
  for (const word of words) {
    if (word === STANDARD_INPUT) {
      aside ??= await putAside(input());
      files.set(aside.path, { name: 'standard input', path: aside.path, named: true });
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
  const discard = async () => aside?.discard();
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
