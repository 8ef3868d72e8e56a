import { advance, BEGINNING, type Place, type ReadingProblem } from '../place.ts';
import { UnreadableScan } from '../unreadable.ts';
import { describeProblem, refuseLong } from './bounds.ts';
import type { MasscanSink } from './read-list.ts';
import type { MasscanReading } from './reading.ts';
import { readRecord } from './record.ts';

const MARKS = /["\\{}]/g;
/** Between records: white space, commas anywhere, and the brackets around all of them. */
const BETWEEN = /[\s,[\]]*/y;
/** A record of masscan is three deep. */
const DEEPEST = 16;

/**
 * Reads masscan's JSON: an array (-oJ), also with the comma before its end that masscan up to 1.3
 * leaves, also without its end; objects one after the other (-oD, out-ndjson.c); objects whose
 * keys have no quotes and `{finished: 1}` (before 1.0.4). The white space does not matter. A record
 * that the end of the file cuts off is left out.
 */
export function createJsonReader(reading: MasscanReading): MasscanSink {
  const waiting: string[] = [];
  let length = 0;
  let place = BEGINNING;
  let depth = 0;
  let quoted = false;
  let escaped = false;
  let array = false;
  let ended = false;
  let problem: ReadingProblem | undefined;

  /** Where the record ends that is open at this place of the text; -1: not in this text. */
  const findEnd = (text: string, from: number): number => {
    MARKS.lastIndex = from;
    if (escaped) MARKS.lastIndex += 1;
    escaped = false;
    for (let mark = MARKS.exec(text); mark; mark = MARKS.exec(text)) {
      if (mark[0] === '"') quoted = !quoted;
      else if (mark[0] === '\\') {
        if (!quoted) continue;
        escaped = MARKS.lastIndex === text.length;
        MARKS.lastIndex += 1;
      } else if (!quoted) depth += mark[0] === '{' ? 1 : -1;
      if (depth > DEEPEST) throw new UnreadableScan('objects lie too deep in each other: refused');
      if (depth === 0) return mark.index + 1;
      if (MARKS.lastIndex === 0) break;
    }
    return -1;
  };
  const takeRecord = (text: string) => {
    if (readRecord(reading, text)) ended = true;
    place = advance(place, text);
  };
  const skip = (text: string, at: number): number => {
    BETWEEN.lastIndex = at;
    BETWEEN.exec(text);
    const end = BETWEEN.lastIndex;
    const skipped = text.slice(at, end);
    array ||= skipped.includes('[');
    ended ||= array && skipped.includes(']');
    place = advance(place, skipped);
    if (end < text.length && text[end] !== '{')
      throw new UnreadableScan(
        `"${String.fromCodePoint(text.codePointAt(end) ?? 0)}" is not JSON of masscan`,
      );
    return end;
  };
  const hold = (text: string) => {
    waiting.push(text);
    length += text.length;
    refuseLong(length);
  };
  const take = (text: string) => {
    for (let at = 0; at < text.length; ) {
      if (depth === 0) at = skip(text, at);
      if (at === text.length) return;
      const end = findEnd(text, at);
      if (end < 0) return hold(text.slice(at));
      waiting.push(text.slice(at, end));
      const record = waiting.join('');
      waiting.length = length = 0;
      takeRecord(record);
      at = end;
    }
  };
  return {
    write: (text) => {
      if (problem) return;
      try {
        take(text);
      } catch (error) {
        problem = { message: describeProblem(error), ...place };
      }
    },
    end: () => undefined,
    problem: () => problem,
    place: (): Place => waiting.reduce((from, text) => advance(from, text), place),
    ending: () => {
      if (ended) return 'said';
      return array || depth > 0 ? 'cut' : 'untold';
    },
  };
}
