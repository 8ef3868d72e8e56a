import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Surroundings } from '../surroundings.ts';

/** Where an export goes. */
interface Sink {
  /** Writes all pieces; answers with a sentence when that was not possible, or was stopped. */
  readonly fill: (pieces: AsyncIterable<Buffer>) => Promise<string | null>;
}

/** Of facts about a network not everybody on this machine shall know. */
const OWN_FILE_MODE = 0o600;

/** A file, which takes its name only when it is whole; without a name standard output. */
export function openSink(name: string | undefined, surroundings: Surroundings): Sink {
  const counted = (pieces: AsyncIterable<Buffer>) => Readable.from(count(pieces, surroundings));
  const { signal } = surroundings;
  if (name === undefined)
    return {
      fill: (pieces) =>
        attempt('The output', () => {
          return pipeline(counted(pieces), surroundings.output(), { signal, end: false });
        }),
    };
  const draft = `${name}.part`;
  return {
    fill: async (pieces) => {
      const problem = await attempt(name, async () => {
        await pipeline(counted(pieces), openFile(draft), { signal });
        await rename(draft, name);
      });
      if (problem) await rm(draft, { force: true });
      return problem;
    },
  };
}

function openFile(name: string): Writable {
  return createWriteStream(name, { mode: OWN_FILE_MODE, highWaterMark: 1 << 20 });
}

async function attempt(what: string, work: () => Promise<void>): Promise<string | null> {
  try {
    await work();
    return null;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ABORT_ERR') return 'Stopped. What was written is not whole.';
    // Whoever reads has enough, as `head` has.
    if (code === 'EPIPE') return null;
    if (!/^E[A-Z]+$/.test(code)) throw error;
    return `${what} cannot be written (${(error as Error).message}).`;
  }
}

const CLEAR = '\r\u001b[K';
const TELL_MS = 500;

/** Tells on a terminal how much has been written. */
async function* count(
  pieces: AsyncIterable<Buffer>,
  { terminal, writeLog }: Surroundings,
): AsyncGenerator<Buffer> {
  let bytes = 0;
  let told = performance.now();
  for await (const piece of pieces) {
    bytes += piece.length;
    yield piece;
    if (!terminal || performance.now() - told < TELL_MS) continue;
    told = performance.now();
    writeLog(`${CLEAR}${(bytes / 1e6).toFixed(1)} MB`);
  }
  if (terminal) writeLog(CLEAR);
}
