import type { AuditSide } from './entry.ts';

/** The fields in which two sides differ; what was made or deleted keeps all of its one side. */
export function changedFields(
  before: AuditSide,
  after: AuditSide,
): { before: AuditSide; after: AuditSide } {
  if (before === null || after === null) return { before, after };
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  );
  const pick = (side: NonNullable<AuditSide>) =>
    Object.fromEntries(names.map((name) => [name, side[name] ?? null]));
  return { before: pick(before), after: pick(after) };
}
