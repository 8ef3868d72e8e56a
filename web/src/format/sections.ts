import type { DeltaView } from '@netdelta/core/api/scans.ts';
import { DELTA_HEADINGS, DELTA_KINDS, type DeltaHeading } from '@netdelta/core/delta/kinds.ts';
import { RATINGS } from '@netdelta/core/evidence/rating.ts';
import { readHostSide } from './delta-sides.ts';

const NEW_HOST_SERVICES = 'New Host Services' satisfies DeltaHeading;

/** One heading with its deltas. `New Host Services` tells the services of the same deltas as `New Hosts`. */
export interface DeltaSection {
  readonly heading: DeltaHeading;
  readonly deltas: readonly DeltaView[];
  /** How many lines it has: services under `New Host Services`, deltas elsewhere. */
  readonly count: number;
}

/** Sorts deltas under all the headings, the empty ones too; under each the most urgent first. */
export function groupBySection(deltas: readonly DeltaView[]): DeltaSection[] {
  return DELTA_HEADINGS.map((heading) => {
    const own = deltas
      .filter((delta) => belongsTo(heading, delta))
      .toSorted((a, b) => urgency(a) - urgency(b));
    const count =
      heading === NEW_HOST_SERVICES
        ? own.reduce((sum, delta) => sum + countServices(delta), 0)
        : own.length;
    return { heading, deltas: own, count };
  });
}

function belongsTo(heading: string, delta: DeltaView): boolean {
  if (heading === NEW_HOST_SERVICES) return delta.kind === 'host.new' && countServices(delta) > 0;
  return DELTA_KINDS[delta.kind].heading === heading;
}

/** What has no rating comes last. */
function urgency({ rating }: DeltaView): number {
  return rating ? RATINGS.indexOf(rating) : RATINGS.length;
}

function countServices({ after }: DeltaView): number {
  return readHostSide(after)?.services.length ?? 0;
}
