const BACKSLASH = 0x5c;
const NEWLINE = 0x0a;

/**
 * Gives texts back as they were before COPY wrote them. Of JSON texts, which hold no control
 * characters, COPY changes nothing but backslashes, which it doubles. Fed by pieces, in their order.
 */
export function createUncopier(): (piece: Buffer) => Buffer {
  let odd = false;
  return (piece) => {
    if (!odd && !piece.includes(BACKSLASH)) return piece;
    const text = Buffer.allocUnsafe(piece.length);
    let length = 0;
    for (const byte of piece) {
      odd = byte === BACKSLASH && !odd;
      if (!odd) {
        text[length] = byte;
        length += 1;
      }
    }
    return text.subarray(0, length);
  };
}

/** The rows of a copy of JSON texts, each parsed. */
export async function* readCopiedRows<Row>(copy: AsyncIterable<Buffer>): AsyncGenerator<Row> {
  const uncopy = createUncopier();
  let rest: Buffer = Buffer.alloc(0);
  for await (const piece of copy) {
    const text = uncopy(piece);
    const all = rest.length === 0 ? text : Buffer.concat([rest, text]);
    let start = 0;
    for (
      let end = all.indexOf(NEWLINE);
      end >= 0;
      start = end + 1, end = all.indexOf(NEWLINE, start)
    )
      yield JSON.parse(all.toString('utf8', start, end)) as Row;
    rest = all.subarray(start);
  }
}
