import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDiffCommand } from '../diff.ts';
import { runCommand } from '../testing/run-command.ts';
import { buildScanPair } from './testing/random-scans.ts';

/** More by hand: DIFF_RUNS=5000. */
const RUNS = Number(process.env.DIFF_RUNS ?? 200);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'netdelta-plain-'));
});
afterAll(() => rm(folder, { recursive: true }));

const PIECES = [
  ...['<host>', '</host>', '<host ', '<hosthint/>', '<ports>', '<times srtt="1"/>', '<!--', '-->'],
  ...['<![CDATA[', ']]>', '<?x', '?>', '"', '>', '<', '&', '&amp;', '&#x0;', '\u0000', '\n', 'é'],
  ...[' a="1"', " b='2'", '</nmaprun>', '<nmaprun>', '<address addr="10.0.0.1"/>', '\u00ff'],
];

/** Damages that both files have alike, and one that only the second has. */
const damage = fc.record({
  // Evenly spread: doubles are mostly tiny.
  at: fc.nat({ max: 9_999 }).map((part) => part / 10_000),
  cut: fc.constantFrom(0, 0, 1, 5, 300),
  piece: fc.constantFrom('', ...PIECES),
});

function harm(text: string, harms: readonly { at: number; cut: number; piece: string }[]): string {
  return harms.reduce((left, { at, cut, piece }) => {
    const place = Math.floor(at * left.length);
    return left.slice(0, place) + piece + left.slice(place + cut);
  }, text);
}

it('whatever is in the files, leaving out what is the same changes no answer', async () => {
  const codes = new Set<number | undefined>();
  const pair = fc.tuple(
    fc.integer(),
    fc.array(damage, { maxLength: 2 }),
    fc.array(damage, { maxLength: 1 }),
    fc.boolean(),
  );
  const property = fc.asyncProperty(pair, async ([seed, both, second, alike]) => {
    const [before, after] = buildScanPair(seed);
    const files = [harm(before, both), harm(harm(alike ? before : after, both), second)];
    const quick = await compare(files, false);
    expect(quick).toEqual(await compare(files, true));
    codes.add(quick.code);
  });
  await fc.assert(property, { numRuns: RUNS });
  expect([...codes].sort()).toEqual([0, 1, 2]);
}, 3_600_000);

/** As files; or with the second from standard input, so that both are read from their beginnings. */
async function compare([before = '', after = '']: readonly string[], reads: boolean) {
  const [a, b] = [path.join(folder, 'a.xml'), path.join(folder, 'b.xml')];
  await writeFile(a, before);
  await writeFile(b, after);
  const { code, stdout, stderr } = await runCommand(createDiffCommand, [a, reads ? '-' : b], {
    input: () => Readable.from([Buffer.from(after)]),
  });
  return { code, stdout, stderr: stderr.replaceAll(b, 'standard input') };
}
