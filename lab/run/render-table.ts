import { describePath, type Result } from './run-scenario.ts';

const COLUMNS = [
  'scenario',
  'path',
  'scanner',
  'scans',
  'host-scans',
  'told',
  'false',
  'per 1,000',
  'changes',
  'same scan',
  'next',
  'later',
  'not told',
  'flips',
  's a scan',
  'packets',
  'asked again',
  'note',
] as const;

/** The results as a Markdown table; seconds and packets are medians of the compared scans. */
export function renderTable(results: readonly Result[]): string {
  const rows = [COLUMNS, ...results.map(cellsOf)];
  const widths = COLUMNS.map((_, n) => Math.max(...rows.map((row) => row[n]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, n) => cell.padEnd(widths[n] ?? 0)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  const [head, ...body] = rows.map(line);
  return [head, rule, ...body].join('\n');
}

function cellsOf({ scenario, path, scanner, score, ...rest }: Result): string[] {
  return [
    scenario,
    describePath(path),
    scanner,
    ...[score.comparisons, score.hostScans, score.told, score.falses].map(String),
    score.hostScans > 0 ? score.falsePer1000.toFixed(1) : '',
    String(score.changes),
    score.changes > 0 ? `${score.same} (${((100 * score.same) / score.changes).toFixed(1)} %)` : '',
    ...[score.next, score.later, score.missed, rest.flips].map(String),
    rest.seconds.length > 0 ? medianOf(rest.seconds).toFixed(1) : '',
    rest.sent.length > 0 ? String(Math.round(medianOf(rest.sent))) : '',
    rest.askedAgain === null ? '' : `${(100 * rest.askedAgain).toFixed(1)} %`,
    rest.note,
  ];
}

/** Of two in the middle, the greater; 0 of none. */
export function medianOf(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}
