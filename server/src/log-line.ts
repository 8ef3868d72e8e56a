import { inspect } from 'node:util';
import { terminalSafe } from '@netdelta/core/terminal/terminal-safe.ts';

const LEVEL_NAMES: Readonly<Record<number, string>> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
};

/** Turns one JSON line of pino into `14:03:22 warn  lost a connection {"port":5432}: message`. */
export function describeLine(line: string): string {
  const { time, level, msg = '', err, ...rest } = JSON.parse(line);
  const clock = new Date(time).toTimeString().slice(0, 8);
  const fields = Object.keys(rest).length > 0 ? ` ${describeFields(rest)}` : '';
  const error = err ? `: ${level >= 50 ? (err.stack ?? err.message) : err.message}` : '';
  return terminalSafe(`${clock} ${(LEVEL_NAMES[level] ?? '').padEnd(5)} ${msg}${fields}${error}\n`);
}

function describeFields(fields: object): string {
  return inspect(fields, { breakLength: Number.POSITIVE_INFINITY, compact: true, depth: 4 });
}
