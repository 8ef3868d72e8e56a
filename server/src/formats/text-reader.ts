import { createTextDecoding } from './decode-text.ts';
import { advance, BEGINNING, type Place, type ReadingProblem } from './place.ts';
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
interface ByteReader {
  readonly write: (chunk: Uint8Array) => void;
  readonly problem: () => ReadingProblem | undefined;
  /** Ends the sink. `warnings`: what was read although it is odd; none when there is a problem. */
  readonly end: () => { readonly warnings: readonly string[] };
}

/** Decodes bytes for a sink, and remembers what was odd about them. */
export function createTextReader(sink: TextSink): ByteReader {
  const decoding = createTextDecoding();
  let undecodable: Place | undefined;
  let failure: ReadingProblem | undefined;
  const problem = () => failure ?? sink.problem();
  const decode = (step: () => string): string => {
    try {
      return step();
    } catch (error) {
      if (!(error instanceof UnreadableScan)) throw error;
      failure = { message: error.message, ...BEGINNING };
      return '';
    }
  };
  const take = (step: () => string) => {
    if (problem()) return;
    const text = decode(step);
    if (!undecodable && decoding.damaged())
      undecodable = advance(sink.place(), text, text.indexOf('\ufffd'));
    sink.write(text);
  };
  return {
    write: (chunk) => take(() => decoding.write(chunk)),
    problem,
    end: () => {
      take(decoding.end);
      if (!failure) sink.end();
      if (problem()) return { warnings: [] };
      return {
        warnings: [
          ...tell(undecodable, `bytes that are not ${decoding.encoding()}`),
          ...tell(sink.cleaned?.(), 'control characters'),
        ],
      };
    },
  };
}

function tell(from: Place | undefined, what: string): string[] {
  if (!from) return [];
  return [`from line ${from.line}, column ${from.column + 1} on, ${what} are read as U+FFFD`];
}
