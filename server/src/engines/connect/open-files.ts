import { readFile } from 'node:fs/promises';

/** How many files this process may have open (proc(5)); null where the system does not tell, or sets no limit. */
export async function selectOpenFiles(): Promise<number | null> {
  const text = await readFile('/proc/self/limits', 'utf8').catch(() => '');
  const soft = /^Max open files\s+(\d+)/m.exec(text)?.[1];
  return soft === undefined ? null : Number(soft);
}
