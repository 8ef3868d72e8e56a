/**
 * What steers a terminal, or turns the direction of writing: all control characters but tabs and line breaks,
 * those of ISO 6429 beyond ASCII too (C1), and the marks for two directions (Unicode TR 36).
 */
const STEERING = /(?![\t\n])[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/**
 * Text for a terminal, whoever wrote parts of it: a scanned host, a file, a mail server. What would steer
 * it becomes `\u001b`, which is the same character still where the text is JSON.
 */
export function terminalSafe(text: string): string {
  return text.replace(
    STEERING,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
