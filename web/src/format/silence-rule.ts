import { describeProbability } from '@netdelta/core/evidence/describe-probability.ts';
import { MOST_PROBES } from '@netdelta/core/evidence/finding.ts';
import { ACCEPT } from '@netdelta/core/evidence/likelihood.ts';
import type { DownAfter } from '@netdelta/core/host/silence-rule.ts';
import { formatCount } from './count.ts';

/** All rules, the recommended one first. */
export const SILENCE_RULES: readonly DownAfter[] = ['evidence', 1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

/** Names a rule: `by evidence`, `after 1 silent scan`, `after 3 silent scans in a row`. */
export function describeSilenceRule(rule: DownAfter): string {
  if (rule === 'evidence') return 'by evidence';
  return `after ${formatCount(rule, 'silent scan')}${rule > 1 ? ' in a row' : ''}`;
}

/** Says what a rule means for what falls silent: `host` or `service`. */
export function explainSilenceRule(rule: DownAfter, what: 'host' | 'service'): string {
  const how = `A ${what} that falls silent is asked again within the scan, up to ${MOST_PROBES} times`;
  if (rule === 'evidence')
    return `${how}, until it is gone with a probability of ${describeProbability(ACCEPT)}. What remains open is held, and the next scan goes on from there.`;
  if (rule === 1)
    return `${how}. One that does not answer even then is reported after this one scan, however unsure that is.`;
  return `${how}, and must stay silent in ${rule} scans in a row before it is reported as gone, no sooner and no later. Until then it is “missed”, and what is known of it is held.`;
}
