const PIECE_BYTES = 65_536;

/** Gathers small pieces of a text into larger ones, as each costs a write of its own. */
export async function* gatherPieces(
  pieces: AsyncIterable<string | Buffer>,
): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  let length = 0;
  for await (const piece of pieces) {
    const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
    held.push(bytes);
    length += bytes.length;
    if (length < PIECE_BYTES) continue;
    yield Buffer.concat(held, length);
    held = [];
    length = 0;
  }
  if (length > 0) yield Buffer.concat(held, length);
}
