import type { Judge } from './judge.ts';
import { createRecollection, detach, LONGEST_TEXT } from './recollection.ts';

/** An element whose effect depends on its text alone, so that it need not be read twice. */
export interface XmlUnit {
  /** All that it may contain; with anything else in it, it is read anew each time. */
  readonly inner: ReadonlySet<string>;
  /** Whether it stands where its text alone decides. */
  readonly ready: () => boolean;
  /** What the element that was just read left behind. */
  readonly take: () => unknown;
  /** Leaves the same behind once more. */
  readonly repeat: (value: unknown) => void;
}

/** A unit, and what is known of its texts. */
export function createKnownUnit(name: string, unit: XmlUnit) {
  const known = createRecollection();
  const tail = `</${name}>`;
  let close = 0;
  return {
    head: `<${name} `,
    ready: unit.ready,
    begin: () => {
      close = 0;
    },
    /** Where the element at this place ends, if it is short and ends in this text; else -1. */
    findEnd: (text: string, at: number): number => {
      if (close >= 0 && close <= at) close = text.indexOf(tail, at);
      const end = close + tail.length;
      return close < 0 || end - at > LONGEST_TEXT ? -1 : end;
    },
    /** Does what the very same text did before; false when it is new. */
    repeat: (piece: string): boolean => {
      const entry = known.recall(piece);
      if (entry) unit.repeat(entry.value);
      return entry !== undefined;
    },
    feed: (piece: string, judge: Judge) => {
      // What it leaves behind must not keep the whole text in memory.
      const copy = detach(piece);
      const head = copy.slice(0, -tail.length);
      if (judge.feedElement(head, tail, unit.inner)) known.keep(copy, unit.take());
    },
  };
}
