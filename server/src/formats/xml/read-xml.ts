import { advance, BEGINNING, type Place, type ReadingProblem } from '../place.ts';
import { UnreadableScan } from '../unreadable.ts';
import { cleanXml, findOriginal } from './clean.ts';
import { createFeeder, type DocumentListener } from './feeder.ts';
import { refuseLong } from './judge.ts';

/** A push reader of text. Nothing is heard any more once there is a problem. */
export interface XmlReader {
  readonly write: (text: string) => void;
  readonly end: () => void;
  readonly problem: () => ReadingProblem | undefined;
  /** Where the text that was written ends. */
  readonly place: () => Place;
  /** The first place of a character that XML cannot hold; it was read as U+FFFD. */
  readonly cleaned: () => Place | undefined;
}

/**
 * Reads XML documents, one or several in a row, in bounded memory and pieces of any size. Each
 * piece goes on up to its last `>`; the rest waits for what follows.
 */
export function createXmlReader(listener: DocumentListener): XmlReader {
  const feeder = createFeeder(listener);
  const waiting: string[] = [];
  let begin = BEGINNING;
  let length = 0;
  let begun = false;
  let problem: ReadingProblem | undefined;
  let cleaned: Place | undefined;
  const guard = (text: string, step: () => void) => {
    try {
      step();
    } catch (error) {
      if (!(error instanceof UnreadableScan)) throw error;
      problem = {
        message: error.message,
        ...advance(begin, text, findOriginal(text, feeder.offset())),
      };
    }
  };
  const take = (rest: string, feed: (text: string) => void) => {
    waiting.push(rest);
    const text = waiting.join('');
    waiting.length = length = 0;
    const clean = cleanXml(text);
    if (clean.at >= 0) cleaned ??= advance(begin, text, clean.at);
    guard(text, () => feed(clean.text));
    begin = advance(begin, text);
  };
  const place = () => waiting.reduce((from, text) => advance(from, text), begin);
  /** What is no XML at all need not be held until a `>` comes, which may be never. */
  const lookAtBeginning = (text: string) => {
    const at = text.search(/\S/);
    if (at < 0) return;
    begun = true;
    if (text[at] !== '<')
      problem = { message: 'text data outside of root node', ...advance(place(), text, at) };
  };
  return {
    write: (text) => {
      if (!begun) lookAtBeginning(text);
      if (problem) return;
      const end = text.lastIndexOf('>') + 1;
      if (end > 0) take(text.slice(0, end), feeder.feed);
      if (problem || end === text.length) return;
      waiting.push(text.slice(end));
      length += text.length - end;
      guard('', () => refuseLong(length));
    },
    end: () => {
      if (!problem) take('', feeder.finish);
    },
    problem: () => problem,
    place,
    cleaned: () => cleaned,
  };
}
