import { DELTA_HEADINGS, DELTA_KINDS, type DeltaHeading, type DeltaKind } from './kinds.ts';

/** The least that a delta must show to be put under a heading. */
interface Headed {
  readonly kind: DeltaKind;
  readonly after?: unknown;
}

/** One heading with its deltas, in the order in which they came. */
export interface DeltaSection<Item> {
  readonly heading: DeltaHeading;
  readonly deltas: readonly Item[];
}

/**
 * Puts deltas under their headings, in the order of DELTA_HEADINGS; headings without any are left
 * out. A new host with open services stands under two: `New Hosts` and `New Host Services`.
 */
export function groupByHeading<Item extends Headed>(deltas: readonly Item[]): DeltaSection<Item>[] {
  return DELTA_HEADINGS.map((heading) => ({
    heading,
    deltas: deltas.filter((delta) => headingsOf(delta).includes(heading)),
  })).filter((section) => section.deltas.length > 0);
}

function headingsOf(delta: Headed): DeltaHeading[] {
  const row = DELTA_KINDS[delta.kind];
  if (!('servicesHeading' in row) || !hasServices(delta.after)) return [row.heading];
  return [row.heading, row.servicesHeading];
}

function hasServices(side: unknown): boolean {
  return (
    typeof side === 'object' &&
    side !== null &&
    'services' in side &&
    Array.isArray(side.services) &&
    side.services.length > 0
  );
}
