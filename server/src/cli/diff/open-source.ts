import { createReadStream } from 'node:fs';
import { unpack } from '../../formats/unpack.ts';
import { STANDARD_INPUT } from './listed-file.ts';

/** A scan to be read, and the name that messages give it. */
interface Source {
  readonly name: string;
  /** Unpacked, in pieces. Fails with an error that has a `code` (see describeFailure). */
  readonly bytes: AsyncIterable<Uint8Array>;
}

const PIECE = 256 * 1024;

/** Opens a file by its path, packed by gzip or zstd or not; `-` is `input`. */
export function openSource(path: string, input: () => AsyncIterable<Uint8Array>): Source {
  if (path === STANDARD_INPUT) return { name: 'standard input', bytes: unpack(input()) };
  return { name: path, bytes: unpack(createReadStream(path, { highWaterMark: PIECE })) };
}

/** Why a source cannot be read to its end, by the code of its error. */
export function describeFailure(code: string, error: Error): string {
  if (/^(Z_|ZSTD_)/.test(code)) return `its packing is damaged (${error.message}); pack it anew`;
  return (
    {
      ENOENT: 'there is no such file',
      EISDIR: 'that is a folder; give a file that nmap wrote with -oX or -oA',
      EACCES: 'you may not read this file',
    }[code] ?? `it cannot be read (${error.message})`
  );
}
