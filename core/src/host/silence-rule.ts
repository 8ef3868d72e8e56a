import type { Finding } from '../evidence/finding.ts';
import { ACCEPT, likelihoodOfSilence, PRIOR } from '../evidence/likelihood.ts';
import type { Sighting, Silence } from './belief.ts';

/**
 * When silence makes a host or service gone: `evidence`, as soon as its likelihood is accepted; or
 * a number, in exactly so many silent covering scans in a row (1–10).
 */
export type DownAfter = 'evidence' | number;

/** The rules of one host: its group's, or its own. */
export interface SilenceRules {
  readonly downAfter: DownAfter;
  readonly serviceDownAfter: DownAfter;
}

/**
 * How often a whole sweep, with its own repetitions, leaves a live endpoint silent: what a silent
 * scan weighs when nobody could ask again. The third one in a row is accepted.
 */
const UNASKED_LOSS = 0.005;

function isRefusal({ doubt }: Finding): boolean {
  return doubt.kind === 'refused' || doubt.kind === 'blocked';
}

/** One silent scan more: the silence now, and whether it is enough. */
export function decideSilence(
  before: Silence | undefined,
  {
    finding,
    rule,
    now,
  }: { readonly finding: Finding | undefined; readonly rule: DownAfter; readonly now: Sighting },
): { readonly silence: Silence; readonly gone: boolean } {
  const prior = before?.likelihood ?? PRIOR;
  const weighed = finding && (finding.probes.length > 0 || isRefusal(finding));
  const likelihood = weighed
    ? finding.likelihood
    : likelihoodOfSilence({ prior, loss: UNASKED_LOSS, silent: 1 });
  const scans = (before?.scans ?? 0) + 1;
  return {
    silence: { scans, since: before?.since ?? now, likelihood },
    gone: rule === 'evidence' ? likelihood >= ACCEPT : scans >= rule,
  };
}
