const [TAB, LINE_FEED, RETURN, SPACE] = [9, 10, 13, 32];
const [QUOTE, AMPERSAND, SLASH, SEMICOLON, LESS, EQUALS, GREATER] = [34, 38, 47, 59, 60, 61, 62];
const DELETE = 127;
const MOST_ATTRIBUTES = 32;
const DEEPEST = 32;
const REFERENCES = ['amp', 'lt', 'gt', 'quot', 'apos', '#xa', '#10'].map((name) =>
  Buffer.from(`&${name};`),
);

/**
 * Whether bytes are one well-formed element (XML 1.0) of the plainest kind: ASCII, names of letters,
 * digits, `_`, `-` and `.`, values between double quotes on one line, the usual references, nothing
 * that is no element. False says nothing but that a parser has to look. Needs no memory, and a tenth
 * of a parser's time.
 */
export function isPlainElement(bytes: Buffer, from: number, to: number): boolean {
  const open: [from: number, to: number][] = [];
  let at = from;
  do {
    if (bytes[at] !== LESS || open.length > DEEPEST) return false;
    if (bytes[at + 1] === SLASH) {
      const name = open.pop();
      const end = at + 2 + (name ? name[1] - name[0] : 0);
      if (!name || bytes[end] !== GREATER || !sameBytes(bytes, name, at + 2)) return false;
      at = end + 1;
    } else {
      const name = at + 1;
      const nameEnd = skipName(bytes, name);
      at = skipAttributes(bytes, nameEnd);
      if (nameEnd === name || at < 0) return false;
      if (bytes[at - 2] !== SLASH) open.push([name, nameEnd]);
    }
    if (open.length > 0) at = skipText(bytes, at, to);
  } while (open.length > 0 && at < to);
  return open.length === 0 && at === to;
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
