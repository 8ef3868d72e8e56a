import { terminalSafe } from '@netdelta/core/terminal/terminal-safe.ts';
import { runProgram } from './program.ts';
import { readVersion } from './read-version.ts';
import { createStopSignal } from './stop-signal.ts';

const FORCED = 130;

let exitCode = 0;
await runProgram(
  process.argv.slice(2),
  {
    environment: process.env,
    print: (line) => process.stdout.write(`${terminalSafe(line)}\n`),
    output: () => process.stdout,
    complain: (line) => process.stderr.write(`${terminalSafe(line)}\n`),
    writeLog: (text) => process.stderr.write(text),
    terminal: process.stderr.isTTY ?? false,
    input: () => process.stdin,
    signal: createStopSignal(() => process.exit(FORCED)),
    exit: (code) => {
      exitCode = code;
    },
  },
  await readVersion(),
);
process.exit(exitCode);
