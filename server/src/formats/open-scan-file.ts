import { createReadStream } from 'node:fs';

/** A file to be read, or what comes from elsewhere, under the name that messages give it. */
export interface ScanSource {
  readonly name: string;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** The name by which a person means standard input. */
export const STANDARD_INPUT = '-';

const PIECE = 256 * 1024;

/** Opens a file by its path; `-` is `input`. Nothing is opened before it is read. */
export function openScanFile(path: string, input: () => AsyncIterable<Uint8Array>): ScanSource {
  if (path === STANDARD_INPUT) return { name: 'standard input', bytes: input() };
  return { name: path, bytes: createReadStream(path, { highWaterMark: PIECE }) };
}

/** Why a source cannot be read to its end, by the code of its error; `wanted`: what it should be. */
export function describeFailure(error: Error, code: string, wanted = 'a file'): string {
  if (/^(Z_|ZSTD_)/.test(code)) return `its packing is damaged (${error.message}); pack it anew`;
  return (
    {
      ENOENT: 'there is no such file',
      EISDIR: `that is a folder; give ${wanted}`,
      EACCES: 'you may not read this file',
    }[code] ?? `it cannot be read (${error.message})`
  );
}
