import type { Rating } from '../evidence/rating.ts';

/** A message as a channel for people sends it. No part of it holds control characters but new lines. */
export interface Letter {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** One line of a letter, with the rating of what it tells where there is one. */
export interface LetterLine {
  readonly text: string;
  readonly rating: Rating | null;
}

/** One heading of a letter: its first lines, and how many there are in all. */
export interface LetterSection {
  readonly heading: string;
  readonly lines: readonly LetterLine[];
  readonly count: number;
}

/** What a letter says, before it is written as text and as HTML. */
export interface LetterDraft {
  readonly subject: string;
  readonly headline: string;
  readonly facts: readonly (readonly [label: string, value: string])[];
  readonly sections: readonly LetterSection[];
  readonly notes: readonly string[];
  readonly link: { readonly label: string; readonly url: string };
  readonly footer: readonly string[];
}

/**
 * Control characters would break lines and headers; the marks that turn the direction of writing
 * would let a banner rearrange the sentence around it (Unicode TR 36, bidirectional spoofing).
 */
const UNPRINTABLE = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069]+/gu;

/** One line of printable text, whatever a host had sent. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, ' ').trim();
}
