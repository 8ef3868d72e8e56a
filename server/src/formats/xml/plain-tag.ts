import type { Attributes } from './attributes.ts';

/** A tag as most of nmap's are: `<address addr="10.0.0.1" addrtype="ipv4"/>`, `<ports>`. */
export interface PlainTag {
  readonly name: string;
  readonly attributes: Attributes;
  /** Whether the element ends with the tag. */
  readonly empty: boolean;
}

/**
 * Printable ASCII between double quotes, without `<`, `&` and what needs normalising: whatever
 * matches is well-formed by itself (XML 1.0, 3.1), if no name occurs twice.
 */
const PLAIN = /^<[a-z]+(?: [a-z][a-z_]*="[ !#-%'-;=-~]*")*\/?>$/;

/** Reads a tag that is plain, or answers null: then a parser has to judge it. */
export function parsePlainTag(text: string): PlainTag | null {
  if (!PLAIN.test(text)) return null;
  const empty = text.endsWith('/>');
  const tail = text.length - (empty ? 2 : 1);
  let at = text.indexOf(' ');
  if (at < 0) return { name: text.slice(1, tail), attributes: NONE, empty };
  const name = text.slice(1, at);
  const attributes: Record<string, string> = {};
  while (at < tail) {
    const equals = text.indexOf('=', at);
    const end = text.indexOf('"', equals + 2);
    const key = text.slice(at + 1, equals);
    // Also what every object has (`constructor`): the parser knows how to tell them apart.
    if (key in attributes) return null;
    attributes[key] = text.slice(equals + 2, end);
    at = end + 1;
  }
  return { name, attributes, empty };
}

const NONE: Attributes = {};
