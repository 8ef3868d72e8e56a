import type { EngineProgress } from '../../engines/engine.ts';

/** One line on a terminal that is written over again and again, and removed at the end. */
export interface ProgressLine {
  readonly tell: (progress: EngineProgress) => void;
  readonly end: () => void;
}

const CLEAR = '\r\u001b[K';

/** Makes the line; nothing is written where nobody looks. */
export function createProgressLine(write: (text: string) => void, terminal: boolean): ProgressLine {
  if (!terminal) return { tell: () => undefined, end: () => undefined };
  return {
    tell: ({ fraction, hostsUp, servicesOpen }) => {
      const percent = String(Math.floor(fraction * 100)).padStart(3);
      write(`${CLEAR}${percent} %  hosts up: ${hostsUp}, services open: ${servicesOpen}`);
    },
    end: () => write(CLEAR),
  };
}
