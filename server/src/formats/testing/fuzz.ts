import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { readBySaxes, readByUs } from './hear-xml.ts';
import { readBytes } from './read-bytes.ts';

/** What a fuzzed file did wrong, and how to make it again: `seed` gives the same file. */
export interface FuzzFailure {
  readonly seed: number;
  readonly what: string;
}

const FORMATS = path.join(import.meta.dirname, '..');
const TOKENS = [
  '<',
  '>',
  '/>',
  '</',
  '<!--',
  '-->',
  '<![CDATA[',
  ']]>',
  '<?',
  '?>',
  '<?xml version="1.0"?>',
  '<!DOCTYPE a [',
  '<!ENTITY a "b">',
  '&a;',
  '&#1;',
  '&#x10ffff;',
  '"',
  "'",
  '=',
  '\0',
  '\x1b',
  '\r\n',
  '\ufeff',
  '<port protocol="tcp" portid="22">',
  '</port>',
  '<host>',
  '</host>',
  '<ports/>',
  '</ports>',
  '</nmaprun>',
  '<nmaprun>',
  '<extraports state="closed" count="1">',
  'portid="99999"',
  '{',
  '}',
  '[',
  ']',
  '\\',
  '\\u0000',
  '"ip":',
  '{"finished": 1}',
  '# end\n',
  'banner tcp 1 10.0.0.1 1 x ',
  '\n',
  ',',
];

/** All scan files of the corpora, the smallest first. */
export function readCorpus(): Buffer[] {
  const files = globSync(['{nmap,masscan}/corpus/*.{xml,txt,ndjson}', 'masscan/corpus/*.json'], {
    cwd: FORMATS,
  });
  return files
    .filter((file) => !file.endsWith('expected.json'))
    .map((file) => readFileSync(path.join(FORMATS, file)))
    .sort((one, other) => one.length - other.length);
}

/** Numbers from 0 to below `most`, the same for the same seed (mulberry32). */
export function createRandom(seed: number): (most: number) => number {
  let state = seed >>> 0;
  return (most) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * most);
  };
}

type Mutation = (bytes: Buffer, random: (most: number) => number) => Buffer;

const MUTATIONS: readonly Mutation[] = [
  // A bit is another.
  (bytes, random) => {
    const copy = Buffer.from(bytes);
    const at = random(copy.length);
    if (copy.length > 0) copy[at] = (copy[at] ?? 0) ^ (1 << random(8));
    return copy;
  },
  // A byte is any other.
  (bytes, random) => {
    const copy = Buffer.from(bytes);
    if (copy.length > 0) copy[random(copy.length)] = random(256);
    return copy;
  },
  // A token where it does not belong.
  (bytes, random) => {
    const at = random(bytes.length + 1);
    const token = Buffer.from(TOKENS[random(TOKENS.length)] ?? '');
    return Buffer.concat([bytes.subarray(0, at), token, bytes.subarray(at)]);
  },
  // A part is missing.
  (bytes, random) => {
    const at = random(bytes.length);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + random(200))]);
  },
  // A part is there again, somewhere.
  (bytes, random) => {
    const [from, to] = [random(bytes.length), random(bytes.length)];
    const part = bytes.subarray(from, from + random(400));
    return Buffer.concat([bytes.subarray(0, to), part, bytes.subarray(to)]);
  },
  // It ends early.
  (bytes, random) => bytes.subarray(0, random(bytes.length + 1)),
  // It is random from somewhere on.
  (bytes, random) => {
    const noise = Buffer.from(Array.from({ length: random(64) }, () => random(256)));
    return Buffer.concat([bytes.subarray(0, random(bytes.length + 1)), noise]);
  },
];

/** A file that nobody wrote, the same for the same seed. */
export function buildFuzzed(seed: number, corpus: readonly Buffer[]): Buffer {
  const random = createRandom(seed);
  let bytes = corpus[random(corpus.length)] ?? Buffer.alloc(0);
  if (random(20) === 0) bytes = Buffer.concat([bytes, corpus[random(corpus.length)] ?? bytes]);
  for (let times = random(6); times >= 0; times -= 1)
    bytes = MUTATIONS[random(MUTATIONS.length)]?.(bytes, random) ?? bytes;
  const packing = random(40);
  if (packing > 1) return bytes;
  const packed = packing === 0 ? gzipSync(bytes) : zstdCompressSync(bytes);
  return MUTATIONS[random(2)]?.(packed, random) ?? packed;
}

/**
 * Reads a file whole and in pieces, and XML by saxes alone besides: nothing may be thrown, all have to
 * say the same, and a problem has to have its place.
 */
export async function findFailure(seed: number, bytes: Buffer): Promise<FuzzFailure | null> {
  const fail = (what: string): FuzzFailure => ({ seed, what });
  try {
    const whole = await readBytes(bytes);
    if (!whole.ok && !/^scan(, line \d+, column \d+)?: /.test(whole.problem))
      return fail(`a problem without its place: ${whole.problem}`);
    const random = createRandom(seed);
    const inPieces = await readBytes(bytes, 1 + random(100));
    // How much of damaged packed data comes out depends on the pieces in which it went in.
    const packed = !whole.ok && whole.problem.startsWith('scan: its packing');
    if (!packed && !isDeepStrictEqual(whole, inPieces)) return fail('read in pieces it is another');
    return isPlainXml(bytes) ? compareWithSaxes(bytes.toString(), fail) : null;
  } catch (error) {
    return fail(`threw ${error instanceof Error ? error.stack : String(error)}`);
  }
}

/** What saxes itself reads, as one document: without characters that are replaced for it. */
function isPlainXml(bytes: Buffer): boolean {
  const text = bytes.toString();
  if (!/^<(\?xml |nmaprun|!DOCTYPE)/.test(text) || /&#|\ufffd|\ufeff|<!ENTITY/i.test(text))
    return false;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return !/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|--[^>]|.<\?xml /s.test(
    text.replaceAll('<!--', ''),
  );
}

function compareWithSaxes(text: string, fail: (what: string) => FuzzFailure): FuzzFailure | null {
  const theirs = readBySaxes(text);
  const ours = readByUs([text]);
  // We take what follows the root element as another document, and let comments be malformed.
  if (
    ours.ends.length > 1 ||
    /only one root|malformed comment|inappropriately located/.test(theirs.problem ?? '')
  )
    return null;
  if (ours.problem !== theirs.problem)
    return fail(`saxes says ${theirs.problem ?? 'nothing'}, we ${ours.problem ?? 'nothing'}`);
  if (ours.problem === undefined && !isDeepStrictEqual(ours.events, theirs.events))
    return fail('saxes hears something else');
  return null;
}
