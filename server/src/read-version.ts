import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** The version of this program, as its package says it. */
export async function readVersion(): Promise<string> {
  const file = path.resolve(import.meta.dirname, '..', 'package.json');
  return JSON.parse(await readFile(file, 'utf8')).version;
}
