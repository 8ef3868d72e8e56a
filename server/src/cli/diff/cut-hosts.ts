import { readSync } from 'node:fs';
import type { Block } from './same-block.ts';

/** The host that comes next, and the bytes before it. */
export interface Cut {
  readonly gap: Block;
  /** Null at the end of the file, or where no host comes for long. */
  readonly host: Block | null;
  readonly last: boolean;
}

/** A file, cut into its `<host>` elements and what lies between them. */
export interface HostCutter {
  readonly peek: () => Cut;
  /** Goes on behind what was peeked. */
  readonly advance: () => void;
  /** Whether some bytes come soon after the host that was peeked. */
  readonly findsSoon: (bytes: Buffer) => boolean;
}

const OPEN = Buffer.from('<host');
const CLOSE = Buffer.from('</host>');
const PIECE = 1 << 20;
/** No host is longer: what is, is left to the parser, which refuses what no scanner writes. */
const LONGEST = 32 << 20;
const SOON_BYTES = 64 << 10;

/**
 * Cuts a file, of `size` bytes or more, by its tags alone, a megabyte at a time. Neither comments nor the like are known
 * here: whoever leaves out a host has to see to it that it lay in none. Blocks are valid until the
 * next `peek` after an `advance`.
 */
export function createHostCutter(descriptor: number, size: number): HostCutter {
  const piece = Math.min(PIECE, size + 1);
  let window = Buffer.alloc(0);
  let begin = 0;
  let ended = false;
  let cut: Cut | null = null;
  const readMore = () => {
    const rest = window.subarray(begin);
    const next = Buffer.allocUnsafe(rest.length + Math.max(piece, rest.length));
    rest.copy(next);
    const count = readSync(descriptor, next, rest.length, next.length - rest.length, null);
    ended = count === 0;
    window = next.subarray(0, rest.length + count);
    begin = 0;
  };
  const find = () => {
    for (;;) {
      const from = findOpen(window, begin);
      const close = from < 0 ? -1 : window.indexOf(CLOSE, from);
      if (close >= 0) return divide(from, close + CLOSE.length);
      if (ended || window.length - begin > LONGEST) return divide(-1, window.length);
      readMore();
    }
  };
  const divide = (from: number, to: number) => {
    const bytes = window;
    const gap = { bytes, from: begin, to: from < 0 ? to : from };
    return { gap, host: from < 0 ? null : { bytes, from, to }, last: from < 0 && ended };
  };
  return {
    peek: () => {
      cut ??= find();
      return cut;
    },
    advance: () => {
      begin = cut?.host?.to ?? cut?.gap.to ?? begin;
      cut = null;
    },
    findsSoon: (bytes) => {
      const from = cut?.host?.to ?? begin;
      return window.subarray(from, from + SOON_BYTES).includes(bytes);
    },
  };
}

/** `<host ` or `<host>`, and not `<hosthint>`. */
function findOpen(window: Buffer, begin: number): number {
  for (let at = window.indexOf(OPEN, begin); at >= 0; at = window.indexOf(OPEN, at + 1)) {
    const next = window[at + OPEN.length];
    if (next === 32 || next === 62) return at;
  }
  return -1;
}
