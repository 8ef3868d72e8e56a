import type { Writable } from 'node:stream';

/** What a command needs of its surroundings, so that tests can give it others. */
export interface Surroundings {
  readonly environment: NodeJS.ProcessEnv;
  /** A line for the person, on stdout. */
  readonly print: (line: string) => void;
  /** Where what a command makes goes, as it is: stdout. */
  readonly output: () => Writable;
  /** A line for the person, on stderr. */
  readonly complain: (line: string) => void;
  /** Text of the log, on stderr. */
  readonly writeLog: (text: string) => void;
  /** Whether a person reads the log as it is written. */
  readonly terminal: boolean;
  /** What is piped in. */
  readonly input: () => AsyncIterable<Uint8Array>;
  /** Aborted by Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal;
  /** 0 fine, 1 changes found, 2 usage or input error, 3 outside failure. */
  readonly exit: (code: number) => void;
}
