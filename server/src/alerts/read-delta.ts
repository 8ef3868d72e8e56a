import { DELTA_KINDS, type DeltaHeading } from '@netdelta/core/delta/kinds.ts';
import type { AlertFacts } from '@netdelta/core/policy/compose-alert.ts';
import { readDelta } from '../deltas/read-delta.ts';
import type { AlertDeltaRow } from './queries.ts';

/** The deltas to show in a mail, and how many there are in all, under each heading too. */
export function readDeltas(
  rows: readonly AlertDeltaRow[],
): Required<Pick<AlertFacts, 'deltas' | 'counts' | 'total'>> {
  const firstOfKind = new Map(rows.toReversed().map((row) => [row.kind, row]));
  const counts: Partial<Record<DeltaHeading, number>> = {};
  const add = (heading: DeltaHeading, count: number) => {
    counts[heading] = (counts[heading] ?? 0) + count;
  };
  let total = 0;
  for (const { kind, of_kind, services } of firstOfKind.values()) {
    const row = DELTA_KINDS[kind];
    total += of_kind;
    add(row.heading, of_kind);
    if ('servicesHeading' in row) add(row.servicesHeading, services);
  }
  return { deltas: rows.map(readDelta), counts, total };
}
