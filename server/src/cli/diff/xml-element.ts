import { attributes } from '../../formats/nmap/xml-text.ts';

/** An element as text; attributes that are null or undefined are left out, texts escaped. */
export function element(
  name: string,
  said: Readonly<Record<string, string | null | undefined>>,
  parts: readonly string[] = [],
): string {
  const given = Object.entries(said).map(([key, text]) => [key, text ?? undefined]);
  const head = `<${name}${attributes(Object.fromEntries(given))}`;
  return parts.length > 0 ? `${head}>${parts.join('')}</${name}>` : `${head}/>`;
}
