import { createJudge, DEEPEST, type Judge, type XmlListener } from './judge.ts';
import { parsePlainTag } from './plain-tag.ts';
import { createRecollection, detach, LONGEST_TEXT } from './recollection.ts';

export interface DocumentListener extends XmlListener {
  /** A document ends: with its last tag (`whole`) or before it. Another may follow. */
  readonly onEnd: (whole: boolean) => void;
  /** Elements that often repeat word by word, by their names. */
  readonly units: ReadonlyMap<string, XmlUnit>;
}

/** An element whose effect depends on its text alone, so that it need not be read twice. */
export interface XmlUnit {
  /** All that it may contain; with anything else in it, it is read anew each time. */
  readonly inner: ReadonlySet<string>;
  /** What the element that was just read left behind. */
  readonly take: () => unknown;
  /** Leaves the same behind once more. */
  readonly repeat: (value: unknown) => void;
}

interface Feeder {
  /** Takes text that ends with `>`. */
  readonly feed: (text: string) => void;
  /** Takes what is left at the end of the file. */
  readonly finish: (rest: string) => void;
  /** How far in the last text it has got. */
  readonly offset: () => number;
}

const SPACE = /\s*/y;
/** Longer than any token but a script's output, characters. */
const LONG_TOKEN = 16 * 1024;

/**
 * Cuts text into pieces that end with `>` and has them judged. Between two tokens, within the root
 * element, two kinds of pieces go past the judge: tags of the plainest form, and units that it
 * has accepted before, word by word. Neither changes what it would say of what follows, as long
 * as it is told of the elements that were left open, before it is asked again.
 */
export function createFeeder(listener: DocumentListener): Feeder {
  let judge = createJudge(listener);
  const units = [...listener.units].map(([name, unit]) => createKnownUnit(name, unit));
  let at = 0;
  let judged = true;
  /** Elements that are open, and that the judge has not been told of. */
  const entered: string[] = [];
  const askJudge = (ask: (judge: Judge) => void) => {
    if (entered.length > 0) judge.enter(entered);
    entered.length = 0;
    judged = true;
    ask(judge);
    judged = false;
  };
  const feedUnit = (text: string): boolean => {
    for (const unit of units) {
      if (!text.startsWith(unit.head, at)) continue;
      const end = unit.findEnd(text, at);
      if (end < 0) return false;
      const piece = text.slice(at, end);
      if (!unit.repeat(piece)) {
        // Another document may begin in what is no whole unit.
        if (piece.includes('<?')) return false;
        askJudge((asked) => unit.feed(piece, asked));
      }
      at = end;
      return true;
    }
    return false;
  };
  const feedPlain = (piece: string, end: number): boolean => {
    if (piece.startsWith('</')) return leave(piece, end);
    const tag = judge.depth() + entered.length < DEEPEST ? parsePlainTag(piece) : null;
    if (!tag) return false;
    at = end;
    listener.onOpen(tag.name, tag.attributes);
    if (tag.empty) listener.onClose(tag.name);
    else entered.push(tag.name);
    return true;
  };
  const leave = (piece: string, end: number): boolean => {
    const name = entered.at(-1);
    if (name === undefined || piece !== `</${name}>`) return false;
    entered.pop();
    at = end;
    listener.onClose(name);
    return true;
  };
  const beginAnew = (text: string) => {
    if (!judge.begun() || !beginsDocument(text, at, judge.closed())) return;
    listener.onEnd(judge.closed());
    entered.length = 0;
    judge = createJudge(listener);
  };
  /** Within a long token all is fed up to the last piece, which then shows where it stands. */
  const feedLong = (text: string) => {
    const end = text.lastIndexOf('>', text.length - 2) + 1;
    if (end <= at) return;
    askJudge((asked) => asked.feedMuch(text.slice(at, end)));
    at = end;
  };
  const feedNext = (text: string) => {
    const between = judge.between();
    if (judge.waiting() > LONG_TOKEN) feedLong(text);
    if (between) at = skipSpace(text, at);
    if (at === text.length) return;
    if (between) beginAnew(text);
    const within = between && judge.depth() > 0;
    if (within && feedUnit(text)) return;
    const end = text.indexOf('>', at) + 1;
    const piece = text.slice(at, end);
    if (!within || !feedPlain(piece, end)) askJudge((asked) => asked.feed(piece));
    at = end;
  };
  return {
    feed: (text) => {
      at = 0;
      for (const unit of units) unit.begin();
      while (at < text.length) feedNext(text);
    },
    finish: (rest) => {
      at = 0;
      judged = true;
      judge.finish(rest);
      listener.onEnd(judge.closed());
    },
    offset: () => (judged ? at + judge.offset() : at),
  };
}

function skipSpace(text: string, at: number): number {
  SPACE.lastIndex = at;
  SPACE.exec(text);
  return SPACE.lastIndex;
}

/** `nmap --append-output` writes one document after the other, also after one that was cut off. */
function beginsDocument(text: string, at: number, closed: boolean): boolean {
  if (text.startsWith('<?xml ', at)) return true;
  return closed && (text.startsWith('<!DOCTYPE', at) || /^<[a-z]/i.test(text.slice(at, at + 2)));
}

/** A unit, and what is known of its texts. */
function createKnownUnit(name: string, unit: XmlUnit) {
  const known = createRecollection();
  const tail = `</${name}>`;
  let close = 0;
  return {
    head: `<${name} `,
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
