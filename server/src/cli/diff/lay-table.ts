export type Cell = string | null;

/** Cells, the first of them the mark; or a line of its own. */
export type TableRow = readonly Cell[] | string;

/** Lines of a table, columns as wide as their widest cell: `-22/tcp open  ssh     OpenSSH 9.2`. */
export function layTable(rows: readonly TableRow[]): string[] {
  const widths: number[] = [];
  const cut = rows.map((row) => (typeof row === 'string' ? row : dropTail(row)));
  for (const row of cut) if (typeof row !== 'string') widen(widths, row);
  return cut.map((row) => (typeof row === 'string' ? row : layRow(row, widths)));
}

function dropTail(row: readonly Cell[]): readonly Cell[] {
  return row.slice(0, row.findLastIndex((cell) => cell !== null) + 1);
}

function widen(widths: number[], row: readonly Cell[]): void {
  for (const [place, cell] of row.entries())
    widths[place] = Math.max(widths[place] ?? 0, widthOf(cell ?? ''));
}

function layRow([mark = '', ...cells]: readonly Cell[], [, ...widths]: readonly number[]): string {
  const padded = cells.map((cell, place) => {
    const text = cell ?? '';
    return text + ' '.repeat((widths[place] ?? 0) - widthOf(text));
  });
  return (mark + padded.join(' ')).trimEnd();
}

/** In characters, not in units of UTF-16. */
function widthOf(text: string): number {
  let width = 0;
  for (const _character of text) width += 1;
  return width;
}
