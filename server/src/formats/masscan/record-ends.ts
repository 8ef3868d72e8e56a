import { UnreadableScan } from '../unreadable.ts';

const MARKS = /["\\{}]/g;
/** A record of masscan is three deep. */
const DEEPEST = 16;

/** Where one JSON object after the other ends, in texts that may be cut anywhere. */
export interface RecordEnds {
  /** The end of the object that is open here, or begins here; -1: it is not in this text. */
  readonly findEnd: (text: string, from: number) => number;
  /** Whether an object waits for its end. */
  readonly open: () => boolean;
}

/** Counts braces outside of strings; whether all else is JSON, a parser has to say. */
export function createRecordEnds(): RecordEnds {
  let depth = 0;
  let quoted = false;
  let escaped = false;
  const take = (mark: string) => {
    if (mark === '"') quoted = !quoted;
    else if (!quoted) depth += mark === '{' ? 1 : -1;
    if (depth > DEEPEST) throw new UnreadableScan('objects lie too deep in each other: refused');
  };
  return {
    findEnd: (text, from) => {
      MARKS.lastIndex = escaped ? from + 1 : from;
      escaped = false;
      for (let mark = MARKS.exec(text); mark; mark = MARKS.exec(text)) {
        if (mark[0] !== '\\') take(mark[0]);
        else if (quoted) {
          escaped = mark.index + 1 === text.length;
          MARKS.lastIndex += 1;
        }
        if (depth === 0) return mark.index + 1;
      }
      return -1;
    },
    open: () => depth > 0,
  };
}
