import type { Attributes } from './attributes.ts';

/** An element without content, as most of nmap's are: `<address addr="10.0.0.1" addrtype="ipv4"/>`. */
export interface PlainTag {
  readonly name: string;
  readonly attributes: Attributes;
}

/**
 * Printable ASCII between double quotes, without `<`, `&` and what needs normalising: whatever
 * matches is well-formed by itself (XML 1.0, 3.1), if no name occurs twice.
 */
const PLAIN = /<([a-z]+)((?: [a-z_]+="[ !#-%'-;=-~]*")*) ?\/>$/;

/** Reads a tag that is plain, or answers null: then a parser has to judge it. */
export function parsePlainTag(text: string): PlainTag | null {
  const match = PLAIN.exec(text);
  if (match?.index !== 0) return null;
  const [, name = '', list = ''] = match;
  const attributes: Record<string, string> = Object.create(null);
  const parts = list.split('"');
  for (let at = 0; at + 1 < parts.length; at += 2) {
    const key = parts[at]?.slice(1, -1) ?? '';
    if (key in attributes) return null;
    attributes[key] = parts[at + 1] ?? '';
  }
  return { name, attributes };
}
