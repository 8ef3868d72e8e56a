import type { Snapshot } from '@netdelta/core/snapshot/snapshot.ts';
import { createHostList } from '../host-list.ts';
import { readScanFile, type ScanFileOutcome } from '../read-scan-file.ts';

/** Reads bytes as the file `scan`, in pieces of a size. */
export async function readBytes(
  bytes: Uint8Array | AsyncIterable<Uint8Array>,
  size = 65_536,
): Promise<ScanFileOutcome & { readonly snapshot: Snapshot }> {
  const { listener, list } = createHostList();
  const pieces = bytes instanceof Uint8Array ? cut(bytes, size) : bytes;
  const outcome = await readScanFile({ name: 'scan', bytes: pieces }, listener);
  return { ...outcome, snapshot: list() };
}

async function* cut(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
