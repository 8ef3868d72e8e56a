import type { Delta } from '../delta/delta.ts';
import type { PortSet } from '../snapshot/port-set.ts';
import { findDanger } from './danger-ports.ts';
import { gradeEvidence } from './evidence-grade.ts';
import { type DeltaHistory, decideRating, type Rated } from './rating.ts';

/** Rates a delta of a host or service by its history, its evidence and the site's danger ports. */
export function rateDelta(delta: Delta, history: DeltaHistory, dangerPorts: PortSet): Rated {
  return decideRating({
    history,
    evidence: gradeEvidence(delta.evidence),
    danger: findDanger(delta, dangerPorts),
  });
}
