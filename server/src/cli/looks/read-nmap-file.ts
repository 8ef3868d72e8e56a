import { createHostList } from '../../formats/host-list.ts';
import type { NmapRun } from '../../formats/nmap/parse.ts';
import { openScanFile } from '../../formats/open-scan-file.ts';
import { readScanFile } from '../../formats/read-scan-file.ts';

/** A scan file, read to its end or as far as it is whole. */
export interface NmapFile {
  readonly name: string;
  readonly run: NmapRun;
}

export type NmapFileOutcome =
  /** `warning`: what the file lacks, with its place. */
  | { readonly ok: true; readonly file: NmapFile; readonly warning?: string }
  | { readonly ok: false; readonly problem: string };

/** Reads a file with all its hosts; `-` is `input`. All that can be wrong is answered, with its place. */
export async function readNmapFile(
  path: string,
  input: () => AsyncIterable<Uint8Array>,
): Promise<NmapFileOutcome> {
  const source = openScanFile(path, input);
  const { listener, list } = createHostList();
  const outcome = await readScanFile(source, listener);
  if (!outcome.ok) return outcome;
  const { facts, warning } = outcome;
  const file = { name: source.name, run: { ...facts, snapshot: list() } };
  return warning === undefined ? { ok: true, file } : { ok: true, file, warning };
}
