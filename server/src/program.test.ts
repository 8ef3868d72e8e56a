import { spawnSync } from 'node:child_process';
import path from 'node:path';
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
    output: () => process.stdout,
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

const NETDELTA = path.join(import.meta.dirname, '../bin/netdelta.mjs');
/** Tells on stderr of every module that is loaded. */
const TELL_LOADED = `data:text/javascript,${encodeURIComponent(
  `import { registerHooks } from 'node:module';
registerHooks({ load: (url, context, next) => (console.error(url), next(url, context)) });`,
)}`;

it('a comparison of files loads nothing of the server', () => {
  const file = path.join(import.meta.dirname, 'cli/looks/corpus/other-version/before.xml');
  const args = ['--import', TELL_LOADED, NETDELTA, 'diff', file, file];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect(status).toBe(0);
  expect(stderr).toContain('cli/diff.ts');
  const packages = [...stderr.matchAll(/node_modules\/([^/\n]+)/g)].map(([, name]) => name);
  expect(new Set(packages)).toEqual(new Set(['commander', 'saxes', 'xmlchars']));
});
