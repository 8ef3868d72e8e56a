import type { DatedFile } from '../../imports/order-files.ts';
import { printable } from '../looks/printable.ts';
import type { Surroundings } from '../surroundings.ts';

/** One line on a terminal that says how far the import is. */
export interface ImportProgress {
  readonly tell: (file: DatedFile, fraction: number) => void;
  /** Clears the line; it comes back with what is told next. */
  readonly end: () => void;
}

const CLEAR = '\r\u001b[K';

/** Makes the line; nothing is written where nobody looks. */
export function createProgress(
  { writeLog, terminal }: Pick<Surroundings, 'writeLog' | 'terminal'>,
  files: readonly DatedFile[],
): ImportProgress {
  if (!terminal) return { tell: () => undefined, end: () => undefined };
  return {
    tell: (file, fraction) => {
      const percent = String(Math.floor(fraction * 100)).padStart(3);
      const place = `${files.indexOf(file) + 1} of ${files.length}`;
      writeLog(`${CLEAR}${percent} %  ${printable(file.name)} (${place})`);
    },
    end: () => writeLog(CLEAR),
  };
}
