import { Readable, Writable } from 'node:stream';
import { Command } from 'commander';
import { inherit } from '../../program.ts';
import type { Surroundings } from '../surroundings.ts';

/** Runs one command with arguments and keeps all that it said. Wrong use throws commander's error. */
export async function runCommand(
  create: (surroundings: Surroundings) => Command,
  args: readonly string[],
  overrides: Partial<Surroundings> = {},
): Promise<{ code: number | undefined; stdout: string; stderr: string }> {
  const out: string[] = [];
  const made: Buffer[] = [];
  const errors: string[] = [];
  let code: number | undefined;
  const command = create({
    environment: {},
    print: (line) => out.push(line),
    output: () =>
      new Writable({
        write: (piece, _encoding, done) => {
          made.push(piece);
          done();
        },
      }),
    complain: (line) => errors.push(line),
    writeLog: (text) => errors.push(text),
    terminal: false,
    signal: new AbortController().signal,
    input: () => Readable.from([]),
    exit: (given) => {
      code = given;
    },
    ...overrides,
  });
  const parent = new Command().exitOverride();
  parent.configureOutput({ writeErr: (text) => errors.push(text) });
  inherit(command, parent);
  await command.parseAsync([...args], { from: 'user' });
  return {
    code,
    stdout: out.join('\n') + Buffer.concat(made).toString(),
    stderr: errors.join('\n'),
  };
}
