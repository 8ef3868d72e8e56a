import { createJudge, DEEPEST, type Judge, type XmlListener } from './judge.ts';
import { createKnownUnit, type XmlUnit } from './known-unit.ts';
import { createPlainTags } from './plain-tags.ts';

export interface DocumentListener extends XmlListener {
  /** A document ends: with its last tag (`whole`) or before it. Another may follow. */
  readonly onEnd: (whole: boolean) => void;
  /** Elements that often repeat word by word, by their names. */
  readonly units: ReadonlyMap<string, XmlUnit>;
}

interface Feeder {
  /** Takes text that ends with `>`. */
  readonly feed: (text: string) => void;
  /** Takes what is left at the end of the file. */
  readonly finish: (rest: string) => void;
  /** How far in the last text it has got. */
  readonly offset: () => number;
}

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
  const plain = createPlainTags(listener);
  const askJudge = (ask: (judge: Judge) => void) => {
    const entered = plain.hand();
    if (entered.length > 0) judge.enter(entered);
    judged = true;
    ask(judge);
    judged = false;
  };
  const feedUnit = (text: string): boolean => {
    for (const unit of units) {
      if (!text.startsWith(unit.head, at) || !unit.ready()) continue;
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
  const beginAnew = (text: string) => {
    if (!judge.begun() || !beginsDocument(text, at, judge.closed())) return;
    listener.onEnd(judge.closed());
    plain.hand();
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
    const begin = at;
    const end = text.indexOf('>', at) + 1;
    const piece = text.slice(at, end);
    at = end;
    if (within && plain.take(piece, DEEPEST - judge.depth())) return;
    at = begin;
    askJudge((asked) => asked.feed(piece));
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
      listener.onEnd(judge.finish(rest));
    },
    offset: () => (judged ? at + judge.offset() : at),
  };
}

/** White space of XML (2.3). */
function skipSpace(text: string, from: number): number {
  let at = from;
  for (let code = text.charCodeAt(at); code <= 32; code = text.charCodeAt(at)) {
    if (code !== 10 && code !== 13 && code !== 32 && code !== 9) break;
    at += 1;
  }
  return at;
}

/** `nmap --append-output` writes one document after the other, also after one that was cut off. */
function beginsDocument(text: string, at: number, closed: boolean): boolean {
  if (text.startsWith('<?xml ', at)) return true;
  return closed && (text.startsWith('<!DOCTYPE', at) || /^<[a-z]/i.test(text.slice(at, at + 2)));
}
