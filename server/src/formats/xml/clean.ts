/** What XML 1.0 (2.2) cannot hold, as characters and as references: old nmap wrote either. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROLS = /[\u0001-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;
const REFERENCES =
  /&#(?:x0*(?:[1-8bcef]|1[0-9a-f]|fff[ef]|d[89a-f][0-9a-f]{2})|0*(?:[1-8]|1[124-9]|2[0-9]|3[01]));/gi;

/**
 * Puts U+FFFD for each character that XML cannot hold, though real scanners wrote it: nmap up to
 * 7.94 at least gives a service whose name has control characters as `name="0M&#x1;"`. NUL stays,
 * and is an error. `at` is where the first one stood, -1 when there was none.
 */
export function cleanXml(text: string): { readonly text: string; readonly at: number } {
  const raw = text.search(CONTROLS);
  const reference = text.includes('&#') ? text.search(REFERENCES) : -1;
  if (raw < 0 && reference < 0) return { text, at: -1 };
  return {
    text: text.replace(CONTROLS, '\ufffd').replace(REFERENCES, '\ufffd'),
    at: Math.min(...[raw, reference].filter((at) => at >= 0)),
  };
}

/** How far in a text so many characters of it lie, once it has been cleaned. */
export function findOriginal(text: string, cleaned: number): number {
  let longer = 0;
  for (const { index, 0: reference } of text.matchAll(REFERENCES)) {
    if (index - longer >= cleaned) break;
    longer += reference.length - 1;
  }
  return cleaned + longer;
}
