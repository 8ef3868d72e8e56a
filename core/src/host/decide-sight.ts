import type { Delta } from '../delta/delta.ts';
import { buildBlindDelta, groupBySubnets } from '../delta/subnet-delta.ts';
import { isSilence, type PathState } from '../evidence/common-cause.ts';
import { type Finding, indexFindings } from '../evidence/finding.ts';
import { settleSnapshot, voidSilence } from '../evidence/settle.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import type { HostBelief } from './belief.ts';
import { decideHost, type ScanFrame } from './decide-host.ts';
import type { SilenceRules } from './silence-rule.ts';
import { tellSteadily } from './tell-steadily.ts';
import type { Verdict } from './verdict.ts';

/** What one shard saw, asked again, and found out: all that its judgement rests on. */
export interface Sight {
  readonly snapshot: Snapshot;
  readonly findings: readonly Finding[];
  /** Sentinels that were asked because something stayed silent. */
  readonly sentinels: readonly Finding[];
  readonly path: PathState;
  /** By address: how many of the ports that nobody uses were open, where that was decided. */
  readonly openDecoys: Readonly<Record<string, number>>;
}

export interface SightQuestion {
  readonly sight: Sight;
  readonly frame: ScanFrame;
  /** What is believed of the shard's addresses, by address. */
  readonly beliefs: ReadonlyMap<string, HostBelief>;
  readonly rulesOf: (address: string) => SilenceRules;
}

export interface SightDecision {
  readonly verdicts: readonly Verdict[];
  readonly deltas: readonly Delta[];
}

/** What a shard saw in the end: doubts settled, and no silence that a blind scanner heard. */
export function settleSight({ snapshot, findings, path }: Sight): Snapshot {
  const settled = settleSnapshot(snapshot, findings);
  return path === 'blind' ? voidSilence(settled, 'scanner-blind') : settled;
}

/**
 * Judges a shard: what is believed of each of its hosts from now on, and what is to be told. Hosts
 * that vanished or came back together, as a subnet, are one delta; a blind scanner is one delta and
 * concludes nothing from silence, and one that may be blind no more than a scan that did not ask again. Pure, so that any decision can be replayed.
 */
export function decideSight({ sight, frame, beliefs, rulesOf }: SightQuestion): SightDecision {
  const snapshot = settleSight(sight);
  const findings = indexFindings(
    sight.path === 'unproven'
      ? sight.findings.filter((finding) => !isSilence(finding))
      : sight.findings,
  );
  const verdicts = snapshot.hosts.map((seen) => {
    const before = beliefs.get(seen.address);
    const openDecoys = sight.openDecoys[seen.address];
    const rules = rulesOf(seen.address);
    const decision = decideHost({
      ...{ belief: before, seen, rules, frame, findings },
      ...(openDecoys !== undefined && { openDecoys }),
    });
    return { before, decision };
  });
  const subnets = groupBySubnets(verdicts);
  const steady = verdicts.map((verdict) => tellSteadily(verdict, subnets, frame.number));
  return {
    verdicts: steady,
    deltas: [
      ...(sight.path === 'clear' ? [] : [buildBlindDelta(sight)]),
      ...subnets.deltas,
      ...steady.flatMap(({ decision }) => decision.deltas),
    ],
  };
}
