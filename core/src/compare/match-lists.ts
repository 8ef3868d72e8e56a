/** How a stretch of one list became one of another; ends are exclusive. */
export interface Edit {
  readonly kind: 'equal' | 'replace' | 'delete' | 'insert';
  readonly before: readonly [from: number, to: number];
  readonly after: readonly [from: number, to: number];
}

interface Match {
  readonly a: number;
  readonly b: number;
  readonly size: number;
}

/** Lists from this length on have words that are too frequent to begin a match with. */
const LONG = 200;
/** Above so many pairs of lines only the common beginning and end are looked for: work is bounded. */
const MOST_PAIRS = 4_000_000;

/**
 * How to make one list of texts of another: the longest stretch that both have, and so on to the left
 * and the right of it (Ratcliff and Obershelp, "Pattern Matching: the Gestalt Approach", 1988), as
 * Python's difflib does it, so that the same lines are shown as changed as by ndiff.
 */
export function matchLists(before: readonly string[], after: readonly string[]): Edit[] {
  const matches =
    before.length * after.length > MOST_PAIRS
      ? matchEnds(before, after)
      : matchInside(before, after);
  return toEdits(matches, { a: before.length, b: after.length, size: 0 });
}

function matchEnds(before: readonly string[], after: readonly string[]): Match[] {
  const most = Math.min(before.length, after.length);
  let head = 0;
  while (head < most && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < most - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  return [
    { a: 0, b: 0, size: head },
    { a: before.length - tail, b: after.length - tail, size: tail },
  ].filter(({ size }) => size > 0);
}

function matchInside(before: readonly string[], after: readonly string[]): Match[] {
  const places = indexPlaces(after);
  const found: Match[] = [];
  const waiting: Window[] = [[0, before.length, 0, after.length]];
  for (let window = waiting.pop(); window; window = waiting.pop()) {
    const match = findLongest({ before, after, places }, window);
    if (match.size === 0) continue;
    const [aFrom, aTo, bFrom, bTo] = window;
    found.push(match);
    waiting.push([aFrom, match.a, bFrom, match.b]);
    waiting.push([match.a + match.size, aTo, match.b + match.size, bTo]);
  }
  return found.sort((one, other) => one.a - other.a || one.b - other.b);
}

function indexPlaces(texts: readonly string[]): Map<string, number[]> {
  const places = new Map<string, number[]>();
  for (const [place, text] of texts.entries()) {
    const own = places.get(text);
    if (own) own.push(place);
    else places.set(text, [place]);
  }
  const most = texts.length < LONG ? Number.POSITIVE_INFINITY : Math.floor(texts.length / 100) + 1;
  for (const [text, own] of places) if (own.length > most) places.delete(text);
  return places;
}

interface Lists {
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly places: ReadonlyMap<string, readonly number[]>;
}

type Window = readonly [aFrom: number, aTo: number, bFrom: number, bTo: number];

/** The longest common stretch within a window, the earliest of several. */
function findLongest(lists: Lists, window: Window): Match {
  const [aFrom, aTo, bFrom, bTo] = window;
  let best: Match = { a: aFrom, b: bFrom, size: 0 };
  let lengths = new Map<number, number>();
  for (let a = aFrom; a < aTo; a += 1) {
    const next = new Map<number, number>();
    for (const b of lists.places.get(lists.before[a] ?? '') ?? []) {
      if (b < bFrom) continue;
      if (b >= bTo) break;
      const size = (lengths.get(b - 1) ?? 0) + 1;
      next.set(b, size);
      if (size > best.size) best = { a: a - size + 1, b: b - size + 1, size };
    }
    lengths = next;
  }
  return widen(best, lists, window);
}

/** Frequent texts begin no match, but belong to one that they touch. */
function widen(match: Match, { before, after }: Lists, [aFrom, aTo, bFrom, bTo]: Window): Match {
  let { a, b, size } = match;
  while (a > aFrom && b > bFrom && before[a - 1] === after[b - 1]) {
    a -= 1;
    b -= 1;
    size += 1;
  }
  while (a + size < aTo && b + size < bTo && before[a + size] === after[b + size]) size += 1;
  return { a, b, size };
}

function toEdits(matches: readonly Match[], end: Match): Edit[] {
  const edits: Edit[] = [];
  let a = 0;
  let b = 0;
  for (const match of [...joinTouching(matches), end]) {
    const [before, after] = [[a, match.a] as const, [b, match.b] as const];
    if (a < match.a && b < match.b) edits.push({ kind: 'replace', before, after });
    else if (a < match.a) edits.push({ kind: 'delete', before, after });
    else if (b < match.b) edits.push({ kind: 'insert', before, after });
    [a, b] = [match.a + match.size, match.b + match.size];
    if (match.size > 0) edits.push({ kind: 'equal', before: [match.a, a], after: [match.b, b] });
  }
  return edits;
}

function joinTouching(matches: readonly Match[]): Match[] {
  const joined: Match[] = [];
  for (const match of matches) {
    const last = joined.at(-1);
    if (last && last.a + last.size === match.a && last.b + last.size === match.b)
      joined[joined.length - 1] = { ...last, size: last.size + match.size };
    else joined.push(match);
  }
  return joined;
}
