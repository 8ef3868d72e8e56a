import { advance, BEGINNING, type Place, type ReadingProblem } from '../place.ts';
import type { TextSink } from '../text-reader.ts';
import { UnreadableScan } from '../unreadable.ts';
import { describeProblem, refuseLong } from './bounds.ts';
import type { MasscanEnding, MasscanReading } from './reading.ts';

/** A sink that also knows how the file ended. */
export interface MasscanSink extends TextSink {
  readonly ending: () => MasscanEnding;
}

const ANSWER = /^(open|closed) (\S+) (\d+) (\S+) (\d+)\s*$/;
const BANNER = /^banner (\S+) (\d+) (\S+) (\d+) (\S+) ?(.*)$/s;

/**
 * Reads masscan's lists (-oL, out-text.c): `open tcp 80 10.0.0.1 1390380064` and
 * `banner tcp 22 10.0.0.1 1390380064 ssh SSH-2.0-…`, between `#masscan` and `# end`. A line that
 * the end of the file cuts off is left out.
 */
export function createListReader(reading: MasscanReading): MasscanSink {
  let rest = '';
  let place = BEGINNING;
  let problem: ReadingProblem | undefined;
  let ended = false;
  const takeLine = (line: string) => {
    if (line.startsWith('#')) ended ||= /^#\s*end\b/.test(line);
    else if (line.trim() !== '') readLine(reading, line);
  };
  const takeLines = (lines: readonly string[]) => {
    for (const line of lines) {
      takeLine(line);
      place = { line: place.line + 1, column: 0 };
    }
  };
  return {
    write: (text) => {
      if (problem) return;
      try {
        const lines = (rest + text).split('\n');
        rest = lines.pop() ?? '';
        takeLines(lines);
        refuseLong(rest.length);
      } catch (error) {
        problem = { message: describeProblem(error), ...place };
      }
    },
    end: () => {
      if (!problem && /^#\s*end\b/.test(rest)) ended = true;
    },
    problem: () => problem,
    place: (): Place => advance(place, rest),
    ending: () => (ended ? 'said' : 'cut'),
  };
}

function readLine(reading: MasscanReading, line: string): void {
  const answer = ANSWER.exec(line);
  if (answer) {
    const [, status, protocol, port, address, time] = answer;
    reading.add({ address, protocol, port, status });
    reading.note(time);
    return;
  }
  const banner = BANNER.exec(line);
  if (!banner) throw new UnreadableScan(`"${line.slice(0, 60)}" is not a line of masscan -oL`);
  const [, protocol, port, address, time, kind, text = ''] = banner;
  reading.add({ address, protocol, port, banner: { kind, text: text.trimEnd() } });
  reading.note(time);
}
