/** A stretch of bytes. */
export interface Block {
  readonly bytes: Buffer;
  readonly from: number;
  readonly to: number;
}

const [LESS, GREATER] = [60, 62];
const CLOSE_BYTES = '</host>'.length;
const TIMES = Buffer.from('<times ');
/** `<times …/>` and `</host>` are not longer than this. */
const TAIL_BYTES = 160;

/**
 * Whether two `<host>` elements are the same byte by byte, but for numbers in their first tags and
 * from `<times` on: when the host was scanned, and how fast it answered. Where one is well-formed,
 * so is the other.
 */
export function isSameHost(one: Block, other: Block): boolean {
  const [begin, otherBegin] = [findBody(one), findBody(other)];
  const [tail, otherTail] = [findTail(one), findTail(other)];
  if (tail - begin !== otherTail - otherBegin) return false;
  const { bytes } = other;
  return (
    one.bytes.compare(bytes, otherBegin, otherTail, begin, tail) === 0 &&
    isSameButNumbers({ ...one, to: begin }, { ...other, to: otherBegin }) &&
    isSameButNumbers({ ...one, from: tail }, { ...other, from: otherTail })
  );
}

function findBody({ bytes, from }: Block): number {
  return bytes.indexOf(GREATER, from) + 1;
}

/** The end, where anything else than `<times …/>` comes last. */
function findTail({ bytes, from, to }: Block): number {
  const at = bytes.indexOf(TIMES, Math.max(from, to - TAIL_BYTES));
  return at >= 0 && bytes.indexOf(LESS, at + 1) === to - CLOSE_BYTES ? at : to;
}

function isSameButNumbers(one: Block, other: Block): boolean {
  let [at, place] = [one.from, other.from];
  while (at < one.to && place < other.to) {
    const [byte, otherByte] = [one.bytes[at], other.bytes[place]];
    if (isDigit(byte) && isDigit(otherByte)) {
      at = skipDigits(one, at);
      place = skipDigits(other, place);
    } else if (byte === otherByte) {
      at += 1;
      place += 1;
    } else return false;
  }
  return at === one.to && place === other.to;
}

function skipDigits({ bytes, to }: Block, from: number): number {
  let at = from;
  while (at < to && isDigit(bytes[at])) at += 1;
  return at;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 48 && byte <= 57;
}
