interface Entry {
  readonly value: unknown;
}

/** What an element left behind when it was read, by its very text. */
export interface Recollection {
  readonly recall: (text: string) => Entry | undefined;
  readonly keep: (text: string, value: unknown) => void;
}

/** Longer texts are not worth remembering, characters. */
export const LONGEST_TEXT = 4_096;
const MOST_TEXTS = 4_096;

/**
 * Remembers the last 4,096 to 8,192 texts, some 32 MB at most: when one generation is full it
 * becomes the old one, and what is asked of the old one is young again.
 */
export function createRecollection(): Recollection {
  let young = new Map<string, Entry>();
  let old = young;
  const keep = (text: string, entry: Entry) => {
    if (young.size >= MOST_TEXTS) {
      old = young;
      young = new Map();
    }
    young.set(text, entry);
  };
  return {
    recall: (text) => {
      const entry = young.get(text);
      if (entry) return entry;
      const aged = old.get(text);
      if (aged) keep(detach(text), aged);
      return aged;
    },
    keep: (text, value) => keep(text, { value }),
  };
}

/** V8 copies parts of strings that are shorter than this (SlicedString::kMinLength). */
const SHORTEST_PART = 13;

/** The same text by itself: a part of a string keeps all of it in memory, here a piece of a file. */
export function detach(text: string): string {
  return text.length < SHORTEST_PART ? text : Buffer.from(text).toString();
}
