import { createTextDecoding } from './decode-text.ts';
import { BEGINNING, type Place, type ReadingProblem } from './place.ts';
import { UnreadableScan } from './unreadable.ts';

/** What reads a format, once its bytes are text. Nothing is read any more after a problem. */
export interface TextSink {
  readonly write: (text: string) => void;
  readonly end: () => void;
  readonly problem: () => ReadingProblem | undefined;
  /** Where the text that was written ends. */
  readonly place: () => Place;
  /** The first place of a character that the format cannot hold; it was read as U+FFFD. */
  readonly cleaned?: () => Place | undefined;
}

/** A push reader of bytes, in pieces of any size. */
export interface ByteReader {
  readonly write: (chunk: Uint8Array) => void;
  readonly problem: () => ReadingProblem | undefined;
  /** Ends the sink; `warnings`: what is odd and was read nevertheless, one sentence each. */
  readonly end: () => { readonly warnings: readonly string[] };
}

/** Decodes bytes for a sink, and remembers what was odd about them. */
export function createTextReader(sink: TextSink): ByteReader {
  const decoding = createTextDecoding();
  let undecodable: Place | undefined;
  let problem: ReadingProblem | undefined;
  const take = (decode: () => string) => {
    if (problem ?? sink.problem()) return;
    try {
      sink.write(decode());
    } catch (error) {
      if (!(error instanceof UnreadableScan)) throw error;
      problem = { message: error.message, ...BEGINNING };
    }
    if (!undecodable && decoding.damaged()) undecodable = sink.place();
  };
  return {
    write: (chunk) => take(() => decoding.write(chunk)),
    problem: () => problem ?? sink.problem(),
    end: () => {
      take(decoding.end);
      if (!problem) sink.end();
      const cleaned = sink.cleaned?.();
      return {
        warnings: [
          ...(undecodable
            ? [
                `up to line ${undecodable.line} and perhaps after, bytes that are not ${decoding.encoding()} are read as U+FFFD`,
              ]
            : []),
          ...(cleaned
            ? [
                `from line ${cleaned.line}, column ${cleaned.column + 1} on, control characters are read as U+FFFD`,
              ]
            : []),
        ],
      };
    },
  };
}
