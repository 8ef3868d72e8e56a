import type { Delta } from '@netdelta/core/delta/delta.ts';
import { DELTA_KINDS, type DeltaHeading } from '@netdelta/core/delta/kinds.ts';
import type { AlertFacts } from '@netdelta/core/policy/compose-alert.ts';
import type { AlertDeltaRow } from './queries.ts';

/** Makes a stored delta the domain's. The row's columns are those of its kind's subject. */
export function readDelta(row: AlertDeltaRow): Delta {
  const { kind, before, after, evidence } = row;
  return { kind, before, after, evidence, subject: subjectOf(row) } as Delta;
}

function subjectOf({ kind, target, address, protocol, port }: AlertDeltaRow): object {
  switch (DELTA_KINDS[kind].subject) {
    case 'target':
      return { target };
    case 'host':
      return { address };
    case 'service':
      return { address, protocol, port };
  }
}

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
