import { type Logger, pino, stdSerializers } from 'pino';
import { describeLine } from './log-line.ts';

export type Log = Logger;

/** Secrets that objects given to the log may hold, at the top or one level below. */
const SECRET_KEYS = [
  'password',
  'token',
  'secret',
  'secretKey',
  'clientSecret',
  'cookie',
  'authorization',
  'databaseUrl',
  'smtpUrl',
];

interface LogOptions {
  /** pino's names: trace, debug, info, warn, error, fatal, silent. */
  readonly level: string;
  /** One readable line an entry instead of JSON: for a person at a terminal. */
  readonly readable: boolean;
  readonly write: (text: string) => void;
}

/** Writes one JSON object a line (pino), or readable lines; secrets are replaced by `[secret]`. */
export function createLog({ level, readable, write }: LogOptions): Log {
  const paths = SECRET_KEYS.flatMap((key) => [key, `*.${key}`]);
  return pino(
    {
      ...{ level, base: null, redact: { paths, censor: '[secret]' } },
      serializers: { err: describeError },
    },
    { write: readable ? (line: string) => write(describeLine(line)) : write },
  );
}

/** What Postgres says beside its message may hold a whole row, with all that is stored in it. */
const ROWS: readonly string[] = ['detail', 'where', 'internalQuery', 'query', 'parameters'];

function describeError(error: Error): unknown {
  const told = Object.entries(stdSerializers.err(error)).filter(([name]) => !ROWS.includes(name));
  return Object.fromEntries(told);
}
