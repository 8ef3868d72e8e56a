import { DELTA_KINDS, type DeltaHeading } from '@netdelta/core/delta/kinds.ts';
import { RATINGS } from '@netdelta/core/evidence/rating.ts';
import type { AlertFacts } from '@netdelta/core/policy/compose-alert.ts';
import { readDelta } from '../deltas/read-delta.ts';
import type { AlertDeltaRow } from './queries.ts';

/** The deltas to show in a mail, and how many there are in all, under each heading and of each rating too. */
export function readDeltas(
  rows: readonly AlertDeltaRow[],
): Required<Pick<AlertFacts, 'deltas' | 'counts' | 'ratings' | 'total'>> {
  const firstOfKind = new Map(rows.toReversed().map((row) => [row.kind, row]));
  const counts: Partial<Record<DeltaHeading, number>> = {};
  const add = (heading: DeltaHeading, count: number) => {
    counts[heading] = (counts[heading] ?? 0) + count;
  };
  const ratings = { red: 0, amber: 0, green: 0 };
  let total = 0;
  for (const { kind, of_kind, services, ...rated } of firstOfKind.values()) {
    const row = DELTA_KINDS[kind];
    total += of_kind;
    for (const rating of RATINGS) ratings[rating] += rated[rating];
    add(row.heading, of_kind);
    if ('servicesHeading' in row) add(row.servicesHeading, services);
  }
  const deltas = rows.map((row) => ({ ...readDelta(row), rated: row.rated }));
  return { deltas, counts, ratings, total };
}
