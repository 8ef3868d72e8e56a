import { advance, BEGINNING, type Place, type ReadingProblem } from '../place.ts';
import { UnreadableScan } from '../unreadable.ts';
import { describeProblem, refuseLong } from './bounds.ts';
import type { MasscanSink } from './read-list.ts';
import type { MasscanReading } from './reading.ts';
import { readRecord } from './record.ts';
import { createRecordEnds } from './record-ends.ts';

/** Between records: white space, commas anywhere, and the brackets around all of them. */
const BETWEEN = /[\s,[\]]*/y;
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
  const record = createRecordEnds();
  let array = false;
  let ended = false;
  let problem: ReadingProblem | undefined;

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
      if (!record.open()) at = skip(text, at);
      if (at === text.length) return;
      const end = record.findEnd(text, at);
      if (end < 0) return hold(text.slice(at));
      waiting.push(text.slice(at, end));
      const whole = waiting.join('');
      waiting.length = length = 0;
      takeRecord(whole);
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
      return array || record.open() ? 'cut' : 'untold';
    },
  };
}
