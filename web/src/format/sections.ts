import type { DeltaView } from '@netdelta/core/api/scans.ts';
import { DELTA_KINDS } from '@netdelta/core/delta/kinds.ts';
import { readHostSide } from './delta-sides.ts';

/** The headings of a Delta Analysis, in the order in which people know them. */
export const SECTION_HEADINGS = [
  DELTA_KINDS['target.added'].heading,
  DELTA_KINDS['host.returned'].heading,
  DELTA_KINDS['host.new'].heading,
  DELTA_KINDS['target.removed'].heading,
  DELTA_KINDS['host.down'].heading,
  'New Host Services',
  DELTA_KINDS['service.opened'].heading,
  DELTA_KINDS['service.closed'].heading,
  DELTA_KINDS['service.changed'].heading,
] as const;

/** One heading with its deltas. `New Host Services` tells the services of the same deltas as `New Hosts`. */
export interface DeltaSection {
  readonly heading: (typeof SECTION_HEADINGS)[number];
  readonly deltas: readonly DeltaView[];
}

/** Sorts deltas under all the headings, the empty ones too. */
export function groupBySection(deltas: readonly DeltaView[]): DeltaSection[] {
  return SECTION_HEADINGS.map((heading) => ({
    heading,
    deltas: deltas.filter((delta) =>
      heading === 'New Host Services'
        ? delta.kind === 'host.new' && readHostSide(delta.after)?.services.length
        : DELTA_KINDS[delta.kind].heading === heading,
    ),
  }));
}
