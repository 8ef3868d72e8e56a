import { createReadStream } from 'node:fs';

/** A file, or what is piped in (`-`), of which the start has been looked at. */
export interface StartedInput {
  /** The first bytes as text, up to a kilobyte. */
  readonly start: string;
  /** All of it, with the start. */
  readonly bytes: AsyncIterable<Uint8Array>;
  /** For who does not want the rest. */
  readonly close: () => Promise<void>;
}

const START_BYTES = 1_024;

/** Opens an input and looks at its start. @throws the error of the file system, with its code */
export async function readStart(
  name: string,
  input: () => AsyncIterable<Uint8Array>,
): Promise<StartedInput> {
  const source = name === '-' ? input() : createReadStream(name, { highWaterMark: 1 << 18 });
  const pieces = source[Symbol.asyncIterator]();
  const held: Uint8Array[] = [];
  let length = 0;
  while (length < START_BYTES) {
    const { done, value } = await pieces.next();
    if (done) break;
    held.push(value);
    length += value.length;
  }
  const start = Buffer.concat(held).subarray(0, START_BYTES).toString('utf8');
  const close = async () => void (await pieces.return?.());
  return { start, bytes: goOn(held, pieces), close };
}

async function* goOn(
  held: readonly Uint8Array[],
  pieces: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    yield* held;
    for (let next = await pieces.next(); !next.done; next = await pieces.next()) yield next.value;
  } finally {
    await pieces.return?.();
  }
}
