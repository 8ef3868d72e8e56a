import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const marker = z.object({
  pid: z.int().positive(),
  targets: z.string(),
  /** ISO 8601. */
  since: z.string(),
  /** The port on 127.0.0.1 on which it takes the order to change something. */
  control: z.int().min(1).max(65_535),
});
/** What a running playground leaves in the data folder, so that others find it. */
export type Marker = z.infer<typeof marker>;

/** Whether a playground runs that shares this data folder, and the targets to type for it. */
export async function selectPlayground(
  dataDir: string,
): Promise<{ running: boolean; targets: string }> {
  const found = await readMarker(dataDir);
  return found ? { running: true, targets: found.targets } : { running: false, targets: '' };
}

/** The marker of a playground that runs; undefined when there is none, or its process is gone. */
export async function readMarker(dataDir: string): Promise<Marker | undefined> {
  const text = await readFile(fileOf(dataDir), 'utf8').catch(() => '');
  const read = marker.safeParse(parseJson(text));
  return read.success && isAlive(read.data.pid) ? read.data : undefined;
}

/** Leaves the marker; the data folder is made when it is missing. */
export async function writeMarker(dataDir: string, content: Marker): Promise<void> {
  await mkdir(dataDir, { recursive: true });
  await writeFile(fileOf(dataDir), `${JSON.stringify(content)}\n`);
}

/** Takes the marker away; nothing happens when there is none. */
export async function removeMarker(dataDir: string): Promise<void> {
  await rm(fileOf(dataDir), { force: true });
}

function fileOf(dataDir: string): string {
  return join(dataDir, 'playground.json');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // It lives, but belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
