import { comparePlainFiles } from './compare-plain-files.ts';
import { type ListedComparison, listWarnings } from './listed-file.ts';
import type { Telling } from './pair-hosts.ts';

/**
 * Compares what two files list, word for word. Whole and plain files are compared byte by byte first,
 * all others read (see readListed): the answer is the same.
 */
export async function compareListed<Told>(
  paths: readonly [string, string],
  input: () => AsyncIterable<Uint8Array>,
  telling: Telling<Told>,
): Promise<ListedComparison<Told>> {
  const plain = telling.complete ? null : comparePlainFiles(paths, telling);
  if (!plain) {
    // Seldom needed, and it takes time to load.
    const { readListed } = await import('./read-listed.ts');
    return readListed(paths, input, telling);
  }
  const [before, after] = plain.files.map((file, side) => ({ ...file, name: paths[side] ?? '' }));
  if (!before || !after) throw new Error('two files were compared');
  const warnings = [before, after].flatMap((file) => listWarnings(file, file.name));
  return { ok: true, files: [before, after], told: plain.told, warnings };
}
