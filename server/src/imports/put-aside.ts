import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';

/** What comes as a stream, and has to be read twice. */
export interface AsideFile {
  readonly path: string;
  readonly discard: () => Promise<void>;
}

/** More came than may be put aside. */
export class TooLargeError extends Error {
  override readonly name = 'TooLargeError';
  readonly code = 'too-large';
  readonly retryable = false;
}

/** Puts a stream aside in a file that only this user may read. @throws TooLargeError */
export async function putAside(
  bytes: AsyncIterable<Uint8Array>,
  most = Number.POSITIVE_INFINITY,
): Promise<AsideFile> {
  const folder = await mkdtemp(path.join(tmpdir(), 'netdelta-import-'));
  const discard = () => rm(folder, { recursive: true, force: true });
  const file = path.join(folder, 'scan');
  try {
    await pipeline(limit(bytes, most), createWriteStream(file, { mode: 0o600 }));
  } catch (error) {
    await discard();
    throw error;
  }
  return { path: file, discard };
}

async function* limit(bytes: AsyncIterable<Uint8Array>, most: number) {
  let count = 0;
  for await (const chunk of bytes) {
    count += chunk.length;
    if (count > most) throw new TooLargeError(`more than ${most} bytes`);
    yield chunk;
  }
}
