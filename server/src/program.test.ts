import { expect, it } from 'vitest';
import { runProgram } from './program.ts';

/** Runs a command line; what commander says goes to the real stdout and is kept. */
async function run(...args: string[]) {
  const said: string[] = [];
  const codes: number[] = [];
  const keep = (text: unknown) => said.push(String(text)) > 0;
  const { write } = process.stdout;
  process.stdout.write = keep as typeof write;
  try {
    await runProgram(args, surroundings(codes), '1.2.3');
  } finally {
    process.stdout.write = write;
  }
  return { said: said.join(''), codes };
}

function surroundings(codes: number[]) {
  return {
    environment: {},
    print: () => undefined,
    complain: () => undefined,
    writeLog: () => undefined,
    terminal: false,
    signal: new AbortController().signal,
    input: () => process.stdin,
    exit: (code: number) => void codes.push(code),
  };
}

it('tells of every command, and each answers to its name with its own help', async () => {
  const { said, codes } = await run('--help');
  expect(codes).toEqual([0]);
  const names = [...said.matchAll(/^ {2}(\w+) /gm)].map(([, name = '']) => name);
  expect(names).toEqual(expect.arrayContaining(['start', 'scan', 'diff', 'playground']));
  for (const name of names.filter((one) => one !== 'help'))
    expect((await run(name, '--help')).said).toMatch(`Usage: netdelta ${name} `);
});

it('says its version', async () => {
  expect(await run('--version')).toEqual({ said: '1.2.3\n', codes: [0] });
});
