const [TAB, LINE_FEED, RETURN, SPACE] = [9, 10, 13, 32];
const [QUOTE, AMPERSAND, SLASH, SEMICOLON, LESS, EQUALS, GREATER] = [34, 38, 47, 59, 60, 61, 62];
const DELETE = 127;
const MOST_ATTRIBUTES = 32;
const DEEPEST = 32;
const REFERENCES = ['amp', 'lt', 'gt', 'quot', 'apos', '#xa', '#10'].map((name) =>
  Buffer.from(`&${name};`),
);

const [PORT, PORT_END] = [Buffer.from('<port '), Buffer.from('</port>')];
const MOST_KNOWN = 4_096;
const LONGEST_KNOWN = 2_048;

/** Whether bytes are one plain element. */
export type PlainJudge = (bytes: Buffer, from: number, to: number) => boolean;

/**
 * Makes a judge of whether bytes are one well-formed element (XML 1.0) of the plainest kind: ASCII,
 * names of letters, digits, `_`, `-` and `.`, values between double quotes on one line, the usual
 * references, nothing that is no element. False says nothing but that a parser has to look. A tenth of
 * a parser's time, and less where ports look alike: the last 4,096 are known by their text.
 */
export function createPlainJudge(): PlainJudge {
  const known = new Set<string>();
  const skipPort = (bytes: Buffer, from: number): number => {
    const end = bytes.indexOf(PORT_END, from) + PORT_END.length;
    if (end < from || end - from > LONGEST_KNOWN) return from;
    const text = bytes.toString('latin1', from, end);
    if (known.has(text)) return end;
    if (!isPlainElement(bytes, from, end, () => from)) return from;
    if (known.size >= MOST_KNOWN) known.clear();
    known.add(text);
    return end;
  };
  return (bytes, from, to) => isPlainElement(bytes, from, to, skipPort);
}

function isPlainElement(
  bytes: Buffer,
  from: number,
  to: number,
  skipPort: (bytes: Buffer, from: number) => number,
): boolean {
  const open: [from: number, to: number][] = [];
  let at = from;
  do {
    if (bytes[at] !== LESS || open.length > DEEPEST) return false;
    const port = open.length > 0 && startsPort(bytes, at) ? skipPort(bytes, at) : at;
    at = port > at ? port : skipTag(bytes, at, open);
    if (open.length > 0 && at > 0) at = skipText(bytes, at, to);
  } while (at > 0 && open.length > 0 && at < to);
  return open.length === 0 && at === to;
}

function startsPort(bytes: Buffer, from: number): boolean {
  return PORT.every((byte, place) => bytes[from + place] === byte);
}

/** Behind a tag, which is noted as open or not any more; -1 where it is not plain. */
function skipTag(bytes: Buffer, from: number, open: [from: number, to: number][]): number {
  if (bytes[from + 1] === SLASH) {
    const name = open.pop();
    const end = from + 2 + (name ? name[1] - name[0] : 0);
    const closes = name && bytes[end] === GREATER && sameBytes(bytes, name, from + 2);
    return closes ? end + 1 : -1;
  }
  const end = skipName(bytes, from + 1);
  const at = skipAttributes(bytes, end);
  if (end === from + 1 || at < 0) return -1;
  if (bytes[at - 2] !== SLASH) open.push([from + 1, end]);
  return at;
}

/** Behind the attributes and the end of a tag; -1 where they are not plain. */
function skipAttributes(bytes: Buffer, from: number): number {
  const names: number[] = [];
  let at = from;
  for (;;) {
    const spaced = bytes[at] === SPACE;
    if (spaced) at += 1;
    if (bytes[at] === GREATER) return at + 1;
    if (bytes[at] === SLASH) return bytes[at + 1] === GREATER ? at + 2 : -1;
    const name = at;
    at = skipName(bytes, name);
    if (!spaced || at === name || bytes[at] !== EQUALS || bytes[at + 1] !== QUOTE) return -1;
    if (isRepeated(bytes, names, name, at) || names.length > 2 * MOST_ATTRIBUTES) return -1;
    names.push(name, at);
    at = skipValue(bytes, at + 2);
    if (at < 0) return -1;
  }
}

function isRepeated(bytes: Buffer, names: readonly number[], from: number, to: number): boolean {
  for (let known = 0; known < names.length; known += 2) {
    const [start = 0, end = 0] = [names[known], names[known + 1]];
    if (end - start === to - from && sameBytes(bytes, [start, end], from)) return true;
  }
  return false;
}

function sameBytes(bytes: Buffer, [from, to]: readonly [number, number], other: number): boolean {
  for (let at = from; at < to; at += 1) if (bytes[at] !== bytes[other + at - from]) return false;
  return true;
}

/** Behind the quote that ends a value; -1 where it is not plain. */
function skipValue(bytes: Buffer, from: number): number {
  for (let at = from; ; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === QUOTE) return at + 1;
    if (byte < SPACE || byte >= DELETE || byte === LESS) return -1;
    if (byte !== AMPERSAND) continue;
    at = findReferenceEnd(bytes, at);
    if (at < 0) return -1;
  }
}

function findReferenceEnd(bytes: Buffer, at: number): number {
  const known = REFERENCES.some((text) => text.every((byte, place) => bytes[at + place] === byte));
  return known ? bytes.indexOf(SEMICOLON, at) : -1;
}

/** Where a tag begins; the first byte that is neither plain text nor that, else. */
function skipText(bytes: Buffer, from: number, to: number): number {
  for (let at = from; at < to; at += 1) {
    const byte = bytes[at] ?? 0;
    const space = byte === LINE_FEED || byte === TAB || byte === RETURN;
    if (byte === LESS || byte === AMPERSAND || byte === GREATER || byte >= DELETE) return at;
    if (byte < SPACE && !space) return at;
  }
  return to;
}

/** Behind a name; where it began when there is none. */
function skipName(bytes: Buffer, from: number): number {
  let at = from;
  while (NAME[bytes[at] ?? 0] === 1 || (at > from && NAME[bytes[at] ?? 0] === 2)) at += 1;
  return at;
}

/** 1: may begin a name; 2: may be in one. */
const NAME = Uint8Array.from({ length: 256 }, (_, code) => {
  const character = String.fromCharCode(code);
  return /[A-Za-z_]/.test(character) ? 1 : /[0-9.-]/.test(character) ? 2 : 0;
});
