import { describeProbe } from './describe-probes.ts';
import { signOf } from './describe-reason.ts';
import type { DoubtKind } from './doubt.ts';
import type { Probe } from './finding.ts';

/** What was doubted and asked again, and turned out to be as it was believed. */
export interface Refutation {
  readonly kind: DoubtKind;
  readonly probes: readonly Probe[];
}

const SEEN: Readonly<Record<DoubtKind, string>> = {
  host: 'silent in the sweep',
  silent: 'silent in the sweep',
  refused: 'refused in the sweep (RST)',
  blocked: 'refused by a filter on the way in the sweep (ICMP)',
  replaced: 'another service seemed to answer in the sweep',
};

/**
 * Says in one sentence why there was no alarm:
 * `Not reported: silent in the sweep, but the 2nd probe 0.7 s later was answered (SYN-ACK).`
 */
export function explainRefutation({ kind, probes }: Refutation): string {
  return `Not reported: ${SEEN[kind]}, but ${describeAnswer(kind, probes)}.`;
}

function describeAnswer(kind: DoubtKind, probes: readonly Probe[]): string {
  if (kind === 'replaced') return 'it was the known one again when it was asked once more';
  const at = probes.findIndex(
    ({ state }) => state === 'open' || (kind === 'host' && state === 'closed'),
  );
  const answer = probes[at];
  if (!answer) return 'it answered when it was asked again';
  const verb = kind === 'refused' || kind === 'blocked' ? 'accepted' : 'answered';
  return `${describeProbe(probes, at)} was ${verb} (${signOf(answer.reason)})`;
}
