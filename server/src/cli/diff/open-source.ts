import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { constants, createGunzip, createZstdDecompress } from 'node:zlib';
import { recognisePacking } from '../../formats/recognise.ts';

/** The name by which a person means standard input. */
export const STANDARD_INPUT = '-';

/** A scan to be read, and the name that messages give it. */
interface Source {
  readonly name: string;
  /** Unpacked, in pieces. Fails with an error that has a `code` (see describeFailure). */
  readonly bytes: AsyncIterable<Uint8Array>;
}

const PIECE = 256 * 1024;
const MAGIC_BYTES = 8;

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

async function* unpack(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const pieces = bytes[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  let ended = false;
  while (!ended && head.length < MAGIC_BYTES) {
    const next = await pieces.next();
    ended = next.done === true;
    if (!next.done) head = Buffer.concat([head, next.value]);
  }
  const all = prepend(head, ended ? null : pieces);
  const unpacker = createUnpacker(recognisePacking(head));
  if (!unpacker) return yield* all;
  // A failure of the source is one of the unpacker: whoever reads that hears of it.
  Readable.from(all)
    .on('error', (error) => unpacker.destroy(error))
    .pipe(unpacker);
  yield* unpacker as AsyncIterable<Uint8Array>;
}

async function* prepend(head: Buffer, rest: AsyncIterator<Uint8Array> | null) {
  try {
    if (head.length > 0) yield head;
    for (let next = await rest?.next(); next && !next.done; next = await rest?.next())
      yield next.value;
  } finally {
    await rest?.return?.();
  }
}

/** What is cut off gives what there is. */
function createUnpacker(packing: string | null) {
  if (packing === 'gzip') return createGunzip({ finishFlush: constants.Z_SYNC_FLUSH });
  if (packing === 'zstd') return createZstdDecompress({ finishFlush: constants.ZSTD_e_flush });
  return null;
}
