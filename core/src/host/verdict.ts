import type { HostBelief } from './belief.ts';
import type { HostDecision } from './decide-host.ts';

/** What was believed of a host, and what was decided of it. */
export interface Verdict {
  readonly before: HostBelief | undefined;
  readonly decision: HostDecision;
}
