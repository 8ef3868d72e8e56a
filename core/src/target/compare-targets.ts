import type { Target } from './target.ts';

/** Which normalised targets came and which went, told apart by their canonical text. */
export function compareTargets(
  before: readonly Target[],
  after: readonly Target[],
): { added: Target[]; removed: Target[] } {
  return { added: missingFrom(before, after), removed: missingFrom(after, before) };
}

function missingFrom(known: readonly Target[], targets: readonly Target[]): Target[] {
  const texts = new Set(known.map(({ text }) => text));
  return targets.filter(({ text }) => !texts.has(text));
}
