import { pipeline } from 'node:stream/promises';
import { constants, createGunzip, createZstdDecompress } from 'node:zlib';
import { recognisePacking } from './recognise.ts';

/** Pieces in which unpacked bytes come. */
const PIECE = 64 * 1024;
/** The packing of data stands in its first bytes; so many are enough. */
const MAGIC_BYTES = 6;

/**
 * Undoes gzip and zstd; what is not packed by them passes through as it is. However much comes
 * out, no more is unpacked than is taken, so that memory is bounded by the window of the packing
 * (zstd: 128 MB). Of zstd the first frame is read. Packed data that is cut off gives what there is; damaged data throws an Error
 * with a code that begins with `Z_` or `ZSTD_`, after what came before the damage but for the last pieces.
 */
export async function* unpack(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { head, rest } = await takeHead(bytes);
  const stream = open(recognisePacking(head));
  if (!stream) {
    yield head;
    yield* rest;
    return;
  }
  const feeding = pipeline(rejoin(head, rest), stream);
  // What goes wrong there is thrown where the stream is read.
  feeding.catch(() => undefined);
  yield* stream;
}

async function takeHead(bytes: AsyncIterable<Uint8Array>) {
  const rest = { [Symbol.asyncIterator]: () => iterator };
  const iterator = bytes[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  while (head.length < MAGIC_BYTES) {
    const next = await iterator.next();
    if (next.done) break;
    head = Buffer.concat([head, next.value]);
  }
  return { head, rest };
}

async function* rejoin(
  head: Uint8Array,
  rest: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield head;
  yield* rest;
}

function open(packing: string | null) {
  if (packing === 'gzip')
    return createGunzip({ chunkSize: PIECE, finishFlush: constants.Z_SYNC_FLUSH });
  if (packing === 'zstd')
    return createZstdDecompress({ chunkSize: PIECE, finishFlush: constants.ZSTD_e_continue });
  return null;
}
