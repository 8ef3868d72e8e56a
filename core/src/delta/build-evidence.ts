import type { Finding } from '../evidence/finding.ts';
import type { Silence } from '../host/belief.ts';
import type { DownAfter } from '../host/silence-rule.ts';
import type { Evidence } from './delta.ts';

/** What decided: the silent scans when silence did, and how it was asked again, when it was. */
export interface Grounds {
  readonly silence?: Silence | undefined;
  readonly finding?: Finding | undefined;
  readonly rule: DownAfter;
}

/** Writes down what speaks for a delta. A positive answer that nobody doubted has the likelihood 1. */
export function buildEvidence(reason: string, { silence, finding, rule }: Grounds): Evidence {
  const likelihood = silence?.likelihood ?? finding?.likelihood ?? 1;
  return {
    reason,
    ...(silence && { silence: { scans: silence.scans, since: silence.since, downAfter: rule } }),
    likelihood,
    ...(finding &&
      finding.probes.length > 0 && {
        confirmation: { prior: finding.doubt.prior, loss: finding.loss, probes: finding.probes },
      }),
  };
}
