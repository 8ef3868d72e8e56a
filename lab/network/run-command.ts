import { spawn } from 'node:child_process';

/** A program that the lab needs did not do what it was told. */
export class CommandFailed extends Error {
  readonly code = 'lab_command';
  readonly retryable = false;
}

export interface CommandOptions {
  /** What it reads on standard input. */
  readonly input?: string;
  /** Exit codes that are fine. */
  readonly accept?: readonly number[];
  readonly timeoutMs?: number;
}

const STDERR_CHARACTERS = 2000;

/**
 * Runs a program from an array of words, without a shell, and resolves with its standard output.
 * Rejects with CommandFailed, which quotes what the program said.
 */
export function runCommand(
  [program, ...args]: readonly [string, ...string[]],
  { input = '', accept = [0], timeoutMs = 60_000 }: CommandOptions = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      env: systemEnvironment(),
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
    });
    let [output, complaint] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaint = (complaint + text).slice(-STDERR_CHARACTERS);
    });
    const fail = (why: string) =>
      reject(new CommandFailed(`${[program, ...args].join(' ')}: ${why}`));
    child.once('error', ({ message }) => fail(message));
    child.once('close', (code, signal) => {
      if (code !== null && accept.includes(code)) resolve(output);
      else fail(complaint.trim() || (signal ? `ended by ${signal}` : `exit code ${code}`));
    });
    // A program that ends before it has read everything says why itself.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}

/** nft and ip lie where a plain user's PATH does not lead. */
export function systemEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, LC_ALL: 'C', PATH: `${process.env.PATH ?? ''}:/usr/sbin:/sbin` };
}
