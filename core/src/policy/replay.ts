import type { Delta } from '../delta/delta.ts';
import type { HostBelief } from '../host/belief.ts';
import { decideSight, type Sight } from '../host/decide-sight.ts';
import type { SilenceRules } from '../host/silence-rule.ts';

/** One shard of a past scan, as it is stored. */
export interface PastSight {
  /** The way in which it asked (discoveryWay). */
  readonly way: string;
  readonly sight: Sight;
  /** When it was judged: ISO 8601. */
  readonly at: string;
}

/** The scan that a past sight belongs to. */
export interface PastScan {
  readonly id: string;
  /** Counts the group's scans, from 1. */
  readonly number: number;
  /** It only learns, as a group's first scan does. */
  readonly first: boolean;
  /** The scan before it was blind, so that its own blindness is no news. */
  readonly afterBlind: boolean;
}

/** What would be believed now, had the rules been in force since the first sight. */
export interface Replay {
  /** Judges one sight more and answers what it would have told. Scans have to come in time order. */
  readonly see: (
    scan: PastScan,
    past: PastSight,
    rulesOf: (address: string) => SilenceRules,
  ) => readonly Delta[];
  /** None: never seen up. */
  readonly beliefOf: (address: string) => HostBelief | undefined;
}

/**
 * Begins to judge past sights anew, knowing nothing; the same sights and rules in the same order
 * always tell the same. What was asked again within a scan is what was asked then: a rule that would
 * have doubted more has no more answers. Holds the beliefs of hosts that were once up, and no sight.
 */
export function createReplay(): Replay {
  const beliefs = new Map<string, HostBelief>();
  let told = { scanId: '', targets: new Set<string>() };
  return {
    beliefOf: (address) => beliefs.get(address),
    see: (scan, { way, sight, at }, rulesOf) => {
      const { first, number } = scan;
      const frame = { way, first, number, now: { scanId: scan.id, at } };
      const { verdicts, deltas } = decideSight({ sight, frame, beliefs, rulesOf });
      for (const { decision } of verdicts) remember(beliefs, decision.belief);
      if (told.scanId !== scan.id) told = { scanId: scan.id, targets: new Set() };
      return deltas.filter((delta) => isNews(delta, scan, told.targets));
    },
  };
}

/** Never seen up is as good as unknown, and most addresses of a large group are: they need no memory. */
function remember(beliefs: Map<string, HostBelief>, belief: HostBelief): void {
  if (belief.status !== 'ABSENT') beliefs.set(belief.address, belief);
}

/** Shards of one scan tell of one target once, and a scanner that stays blind is no news. */
function isNews(delta: Delta, { afterBlind }: PastScan, targets: Set<string>): boolean {
  if (!('target' in delta.subject)) return true;
  if (delta.kind === 'scanner.blind' && afterBlind) return false;
  const what = deltaIdentity(delta);
  if (targets.has(what)) return false;
  targets.add(what);
  return true;
}

/** The identity of a delta within one scan: its kind and its subject. */
export function deltaIdentity({ kind, subject }: Pick<Delta, 'kind' | 'subject'>): string {
  if ('target' in subject) return `${kind} ${subject.target}`;
  const endpoint = 'port' in subject ? ` ${subject.protocol}/${subject.port}` : '';
  return `${kind} ${subject.address}${endpoint}`;
}
