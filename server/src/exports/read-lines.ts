/** A line of a file, counted from 1. */
export interface Line {
  readonly number: number;
  /** Without its end; empty where it cannot be read. */
  readonly text: string;
  /** Why it cannot be read. */
  readonly problem?: string;
}

const NEWLINE = 0x0a;

/**
 * Cuts a stream of bytes into lines of UTF-8. One that has more than `longest` bytes is not read, so
 * that no file takes more memory than that. Empty lines are left out.
 */
export async function* readLines(
  bytes: AsyncIterable<Uint8Array>,
  longest: number,
): AsyncGenerator<Line> {
  let number = 1;
  let held: Uint8Array[] = [];
  let length = 0;
  const take = (): Line | null => {
    const line = length > longest ? TOO_LONG : decode(Buffer.concat(held));
    held = [];
    length = 0;
    return line.text === '' && !line.problem ? null : { number, ...line };
  };
  const hold = (part: Uint8Array) => {
    length += part.length;
    if (length > longest) held = [];
    else if (part.length > 0) held.push(part);
  };
  for await (const piece of bytes) {
    let start = 0;
    for (
      let end = piece.indexOf(NEWLINE);
      end >= 0;
      start = end + 1, end = piece.indexOf(NEWLINE, start)
    ) {
      hold(piece.subarray(start, end));
      const line = take();
      if (line) yield line;
      number += 1;
    }
    hold(piece.subarray(start));
  }
  const last = take();
  if (last) yield last;
}

const TOO_LONG = { text: '', problem: 'is longer than NetDelta writes any' };

function decode(bytes: Buffer): Omit<Line, 'number'> {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes).trim() };
  } catch {
    return { text: '', problem: 'is not UTF-8' };
  }
}
