import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDiffCommand } from '../diff.ts';
import { runCommand } from '../testing/run-command.ts';
import { checkNdiffDtd } from './testing/check-dtd.ts';
import { buildScanPair } from './testing/random-scans.ts';
import { readTree, type Tree } from './testing/read-tree.ts';

/** More by hand: NDIFF_PAIRS=5000. */
const PAIRS = Number(process.env.NDIFF_PAIRS ?? 120);
const FIRST_SEED = Number(process.env.NDIFF_SEED ?? 1);

interface Theirs {
  readonly text: string;
  readonly xml: string;
  readonly code: number;
}

let folder: string;
let ndiff: Awaited<ReturnType<typeof startNdiff>>;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'netdelta-ndiff-'));
  ndiff = await startNdiff();
});
afterAll(async () => {
  await ndiff.stop();
  await rm(folder, { recursive: true });
});

it(`finds what ndiff finds in ${PAIRS} pairs of files, line by line and element by element`, async () => {
  let changed = 0;
  for (let seed = FIRST_SEED; seed < FIRST_SEED + PAIRS; seed += 1) {
    const [before, after] = buildScanPair(seed);
    const files = [path.join(folder, 'a.xml'), path.join(folder, 'b.xml')];
    await writeFile(files[0] ?? '', before);
    await writeFile(files[1] ?? '', after);
    const theirs = await ndiff.compare(files, false);
    const text = await diff(files);
    expect(text, `seed ${seed}, text`).toEqual({
      code: theirs.code,
      stdout: theirs.text,
      stderr: '',
    });
    // What comes by standard input is read from its beginning, not compared byte by byte.
    expect(await diff([files[0] ?? '', '-'], after), `seed ${seed}, read`).toEqual(text);
    const verbose = await ndiff.compare(files, true);
    expect((await diff(['-v', ...files])).stdout, `seed ${seed}, -v`).toBe(verbose.text);
    const { stdout } = await diff(['--xml', ...files]);
    expect(checkNdiffDtd(readTree(stdout)), `seed ${seed}, DTD`).toEqual([]);
    expect(canonical(stdout), `seed ${seed}, XML`).toEqual(canonical(theirs.xml));
    changed += theirs.code;
  }
  // A generator of files that never differ would prove nothing.
  expect(changed).toBeGreaterThan(PAIRS / 2);
  expect(changed).toBeLessThan(PAIRS);
}, 3_600_000);

async function diff(args: readonly string[], input = '') {
  const { code, stdout, stderr } = await runCommand(createDiffCommand, args, {
    input: () => Readable.from([Buffer.from(input)]),
  });
  return { code, stdout: stdout === '' ? '' : `${stdout}\n`, stderr };
}

async function startNdiff() {
  const script = path.join(import.meta.dirname, 'testing', 'ndiff-loop.py');
  const child = spawn('/usr/bin/python3', [script], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    compare: async ([before, after]: readonly string[], verbose: boolean): Promise<Theirs> => {
      child.stdin.write(`${JSON.stringify({ before, after, verbose })}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error('ndiff ended; what it said stands above');
      return JSON.parse(value);
    },
    stop: async () => {
      child.stdin.end();
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
}

/**
 * The hosts and the runs of a document, in a form in which two are equal when they tell the same.
 * ndiff puts several addresses or names into one `<a>` where its DTD wants one each; it forgets the
 * element of scripts of a whole scan, and line ends in attributes.
 */
function canonical(xml: string): unknown[] {
  const [scan] = readTree(xml).children;
  return (scan?.children ?? [])
    .filter(({ name, children }) => name === 'hostdiff' || children[0]?.name === 'nmaprun')
    .map(simplify);
}

function simplify({ name, attributes, children }: Tree): unknown {
  const said = Object.entries(attributes).map(([key, text]) => [key, text.replace(/\s/g, ' ')]);
  const joined: Tree[] = [];
  for (const child of children) {
    const last = joined.at(-1);
    if (last && last.name === child.name && (child.name === 'a' || child.name === 'b'))
      last.children.push(...child.children);
    else joined.push({ ...child, children: [...child.children] });
  }
  return [name, Object.fromEntries(said.sort()), joined.map(simplify)];
}
