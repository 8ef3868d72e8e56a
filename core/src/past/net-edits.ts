import type { DeltaOfKind, TargetKind } from '../delta/delta.ts';

export type TargetDelta = DeltaOfKind<TargetKind>;

/**
 * Sums up edits of one group's targets, in the order in which they were made: a target that was added
 * and removed again, or the reverse, is no change. Targets stand in the order of their first edit.
 */
export function sumEdits(edits: readonly TargetDelta[]): TargetDelta[] {
  const byTarget = Map.groupBy(edits, ({ subject }) => subject.target);
  return [...byTarget.values()].flatMap((own) => {
    const [first, last] = [own[0], own.at(-1)];
    return first && last && first.kind === last.kind ? [last] : [];
  });
}

/** The same edit, read backwards. */
export function reverseEdit(edit: TargetDelta): TargetDelta {
  const kind = edit.kind === 'target.added' ? 'target.removed' : 'target.added';
  return { ...edit, kind, before: edit.after, after: edit.before };
}
