import { SaxesParser } from 'saxes';
import { UnreadableScan } from '../unreadable.ts';
import type { Attributes } from './attributes.ts';

/** Who hears what is in a document. What a listener throws becomes the document's problem. */
export interface XmlListener {
  readonly onOpen: (name: string, attributes: Attributes) => void;
  readonly onClose: (name: string) => void;
  readonly onText: (text: string) => void;
}

/** One document, fed in pieces that end with a `>`, their only one; throws what is wrong with it. */
export interface Judge {
  readonly feed: (piece: string) => void;
  /** Feeds much of a long token at once: saxes keeps each piece of it apart. */
  readonly feedMuch: (pieces: string) => void;
  /**
   * Feeds an element, its end tag apart, and tells whether it was just that, with nothing in it but
   * `inner`: the end tag closed what the head opened.
   */
  readonly feedElement: (head: string, tail: string, inner: ReadonlySet<string>) => boolean;
  /** Takes elements as open that were found well-formed elsewhere; the listener has heard of them. */
  readonly enter: (names: readonly string[]) => void;
  /** Feeds what is left at the end of the file, and tells whether the document is whole: that is no error. */
  readonly finish: (rest: string) => boolean;
  /** Whether what was fed ends between two tokens: not within a tag, a comment or the like. */
  readonly between: () => boolean;
  /** How much of a token waits for its end, characters. */
  readonly waiting: () => number;
  readonly depth: () => number;
  readonly begun: () => boolean;
  /** Whether the last tag of the document has come. */
  readonly closed: () => boolean;
  /** How far it has got in what it was fed last. */
  readonly offset: () => number;
}

/** Longer than any script's output, characters. */
const LONGEST_TOKEN = 16 * 1024 * 1024;
const MOST_ATTRIBUTES = 1_000;
export const DEEPEST = 256;

/** Refuses what is longer than any scanner writes: it would have to be held in memory. */
export function refuseLong(length: number): void {
  if (length > LONGEST_TOKEN)
    throw new UnreadableScan(
      `a tag, text or comment is longer than ${LONGEST_TOKEN >> 20} MB, which no scanner writes: refused`,
    );
}

/** What the parser's words amount to. */
interface Standing {
  depth: number;
  /** Of the tag being read. */
  attributes: number;
  /** A token ended in the last piece; or seemed to, in a comment with `--` in it. */
  token: boolean;
  malformedComment: boolean;
  closed: boolean;
  /** Elements are opened that the listener has heard of. */
  entering: boolean;
  /** What is being fed, and where it begins. */
  piece: string;
  begin: number;
  /** No more will come; and the file ends within what follows the root element. */
  ending: boolean;
  cut: boolean;
  /** The element that is fed as a whole: the depth at which it stands, and what it turned out to be. */
  readonly element: { inner: ReadonlySet<string>; base: number; closings: number; alien: boolean };
}

/**
 * saxes with bounds: 16 MB a token, 1,000 attributes an element, 256 elements deep. saxes keeps a
 * token until it ends and then tells of it, so counting what was fed since its last word bounds
 * its memory. Entity declarations are refused; `--` within comments is let pass, for old scanners
 * write their command line there.
 */
export function createJudge(listener: XmlListener): Judge {
  const now = createStanding();
  const parser = createParser(listener, now);
  let begun = false;
  /** Since the last token ended, and all in all; and all before what was fed last. */
  let fed = 0;
  let total = 0;
  let before = 0;
  const feed = (piece: string) => {
    begun = true;
    now.token = false;
    now.malformedComment = false;
    now.piece = piece;
    now.begin = total;
    total += piece.length;
    fed += piece.length;
    refuseLong(fed);
    parser.write(piece);
    // A comment is told of at its `--`; when no `>` follows there, it goes on.
    if (now.token && !now.malformedComment) fed = 0;
  };
  return {
    feed: (piece) => {
      before = total;
      feed(piece);
    },
    feedMuch: (pieces) => {
      before = total;
      feed(pieces);
      // Where the last token ended is not known.
      if (fed === 0) fed = pieces.length;
    },
    feedElement: (head, tail, inner) => {
      const { element } = now;
      Object.assign(element, { inner, base: now.depth, closings: 0, alien: false });
      before = total;
      feed(head);
      const open = element.closings === 0;
      feed(tail);
      const closed = element.closings === 1 && now.depth === element.base;
      return open && closed && fed === 0 && !element.alien;
    },
    enter: (names) => {
      const tags = `<${names.join('><')}>`;
      now.entering = true;
      total += tags.length;
      parser.write(tags);
      now.entering = false;
    },
    finish: (rest) => {
      before = total;
      feed(rest);
      if (!now.closed) return false;
      now.ending = true;
      parser.close();
      return !now.cut;
    },
    between: () => fed === 0,
    waiting: () => fed,
    depth: () => now.depth,
    begun: () => begun,
    closed: () => now.closed,
    offset: () => Math.min(parser.position, total) - before,
  };
}

function createStanding(): Standing {
  return {
    ...{ depth: 0, attributes: 0, token: false, malformedComment: false, closed: false },
    ...{ entering: false, piece: '', begin: 0, ending: false, cut: false },
    element: { inner: new Set(), base: 0, closings: 0, alien: false },
  };
}

/** Passes what saxes says on to the listener, and keeps to the bounds. */
function createParser(listener: XmlListener, now: Standing) {
  const { element } = now;
  const parser = new SaxesParser<{ position: false; xmlns: false }>({
    position: false,
    xmlns: false,
  });
  const endToken = () => {
    now.token = true;
  };
  parser.on('error', (error) => {
    now.malformedComment = error.message.startsWith('malformed comment');
    now.cut = now.ending && error.message.startsWith('unexpected end');
    if (!now.malformedComment && !now.cut)
      throw new UnreadableScan(describe(error, now.piece[parser.position - now.begin - 1]));
  });
  parser.on('doctype', (doctype) => {
    endToken();
    if (/<!ENTITY/i.test(doctype))
      throw new UnreadableScan('the document declares entities, which no scanner does: refused');
  });
  parser.on('attribute', () => {
    now.attributes += 1;
    if (now.attributes > MOST_ATTRIBUTES)
      throw new UnreadableScan(`an element has more than ${MOST_ATTRIBUTES} attributes: refused`);
  });
  parser.on('opentag', ({ name, attributes }) => {
    endToken();
    now.attributes = 0;
    now.depth += 1;
    if (now.entering) return;
    if (now.depth > DEEPEST)
      throw new UnreadableScan(`elements lie more than ${DEEPEST} deep in each other: refused`);
    if (now.depth > element.base + 1 && !element.inner.has(name)) element.alien = true;
    listener.onOpen(name, attributes);
  });
  parser.on('closetag', ({ name }) => {
    endToken();
    now.depth -= 1;
    if (now.depth === 0) now.closed = true;
    if (now.depth === element.base) element.closings += 1;
    listener.onClose(name);
  });
  parser.on('text', (text) => {
    // At the end saxes takes what it holds of a cut comment for text.
    if (!now.cut) listener.onText(text);
  });
  parser.on('cdata', (text) => {
    endToken();
    listener.onText(text);
  });
  for (const event of ['comment', 'processinginstruction', 'xmldecl'] as const)
    parser.on(event, endToken);
  return parser;
}

/** saxes ends its messages with a full stop. */
function describe({ message }: Error, last: string | undefined): string {
  if (message === 'disallowed character.' && last === '\0')
    return 'a NUL byte, as a crash leaves them in a file';
  return message.replace(/\.$/, '');
}
