/** Puts a file's lines below what has been typed. */
export function addLines(text: string, file: string): string {
  const typed = text.trimEnd();
  const added = file.replaceAll('\r\n', '\n').trimEnd();
  return typed === '' ? added : `${typed}\n${added}`;
}

/** Where a line, counted from 1, begins and ends in a text. */
export function lineRange(text: string, line: number): [start: number, end: number] {
  const before = text.split('\n').slice(0, line - 1);
  const start = before.reduce((sum, { length }) => sum + length + 1, 0);
  const end = text.indexOf('\n', start);
  return [start, end === -1 ? text.length : end];
}
