import {
  constants,
  createGunzip,
  createZstdDecompress,
  type Gunzip,
  type ZstdDecompress,
} from 'node:zlib';

/** A push unpacker: bytes come out to whom it was made for, in pieces of some 64 kB. */
export interface Unpacker {
  /** Resolves when all that came of the chunk has been passed on. Rejects when it is damaged. */
  readonly write: (chunk: Uint8Array) => Promise<void>;
  /** Passes on what is left, also of packed data that is cut off. */
  readonly end: () => Promise<void>;
}

/** The packings that can be undone here. */
export const UNPACKED = ['gzip', 'zstd'] as const;
export type Packing = (typeof UNPACKED)[number];

/**
 * Unpacks a stream. However much comes out, it is passed on piece by piece, and nothing further
 * is unpacked before the taker has returned: memory is bounded by the window of the packing.
 */
export function createUnpacker(packing: Packing, take: (bytes: Uint8Array) => void): Unpacker {
  const stream = open(packing);
  let failure: Error | undefined;
  let wake: (() => void) | undefined;
  stream.on('data', take);
  stream.on('error', (error) => {
    failure = error;
    wake?.();
  });
  const settle = (begin: (done: () => void) => void) =>
    new Promise<void>((resolve, reject) => {
      wake = () => (failure ? reject(failure) : resolve());
      if (failure) wake();
      else begin(wake);
    });
  return {
    write: (chunk) => settle((done) => void stream.write(chunk, done)),
    end: async () => {
      await settle((done) => void stream.once('end', done).end());
    },
  };
}

function open(packing: Packing): Gunzip | ZstdDecompress {
  // A file that is cut off gives what there is, and no error.
  if (packing === 'gzip')
    return createGunzip({ chunkSize: PIECE, finishFlush: constants.Z_SYNC_FLUSH });
  return createZstdDecompress({ chunkSize: PIECE, finishFlush: constants.ZSTD_e_flush });
}

const PIECE = 64 * 1024;
