/** Keeps numbers and their units (%, s) on one line: the space between them does not break. */
export function keepUnits(text: string): string {
  return text.replace(/(\d) (?=%|s\b)/g, '$1\u00a0');
}
