/** Where in a text: lines count from 1, columns from 0, in UTF-16 units. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Where and why a document could not be read further. */
export interface ReadingProblem extends Place {
  readonly message: string;
}

export const BEGINNING: Place = { line: 1, column: 0 };

/** The place after so many characters (by default all) of a text that begins at `from`. */
export function advance(from: Place, text: string, count = text.length): Place {
  let { line } = from;
  let begin = -1;
  for (let at = text.indexOf('\n'); at >= 0 && at < count; at = text.indexOf('\n', at + 1)) {
    line += 1;
    begin = at;
  }
  return { line, column: begin < 0 ? from.column + count : count - begin - 1 };
}
