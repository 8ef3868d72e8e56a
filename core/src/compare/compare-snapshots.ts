import type { Delta } from '../delta/delta.ts';
import { type Finding, indexFindings } from '../evidence/finding.ts';
import type { HostBelief, Sighting } from '../host/belief.ts';
import { decideHost, type HostQuestion } from '../host/decide-host.ts';
import type { SilenceRules } from '../host/silence-rule.ts';
import type { HostObservation, Snapshot } from '../snapshot/snapshot.ts';

/** One look at a network: by which way of asking (discoveryWay), and when. */
export interface Look {
  readonly snapshot: Snapshot;
  readonly way: string;
  readonly now: Sighting;
  /** What became of its doubts, where it was asked again. */
  readonly findings?: readonly Finding[];
}

/** How two looks differ, and what they cannot say. Addresses are in the order of the later look. */
export interface SnapshotComparison {
  readonly deltas: readonly Delta[];
  /** Up before and silent now, but asked in another way, or not often enough to be sure. */
  readonly held: readonly string[];
  /** Up in one look, while the other one did not cover them: neither new nor gone. */
  readonly onlyBefore: readonly string[];
  readonly onlyAfter: readonly string[];
}

/** What a first scan makes one believe, by address. Uncovered hosts are not in it. */
export function learnBeliefs(look: Look): Map<string, HostBelief> {
  return new Map(
    look.snapshot.hosts.map((seen) => [
      seen.address,
      decideHost(ask(look, { seen, belief: undefined, number: 1 })).belief,
    ]),
  );
}

/** A question about one host of a look. */
function ask(
  { way, now, findings }: Look,
  host: { seen: HostObservation; belief: HostBelief | undefined; number: number },
): HostQuestion {
  const { seen, belief, number } = host;
  const frame = { way, first: belief === undefined, now, number };
  const rules = findings ? BY_EVIDENCE : AT_ONCE;
  return { belief, seen, rules, frame, findings: indexFindings(findings ?? []) };
}

const AT_ONCE: SilenceRules = { downAfter: 1, serviceDownAfter: 1 };
const BY_EVIDENCE: SilenceRules = { downAfter: 'evidence', serviceDownAfter: 'evidence' };

/**
 * Compares two looks by the rules of a group (decideHost), with one silent look enough to be gone;
 * where the later look asked again, by what that showed.
 * Only what both covered can differ: a host is new when the earlier look asked it and had no
 * answer, and down when the later one did; a port opened or closed when both asked it.
 */
export function compareSnapshots(before: Look, after: Look): SnapshotComparison {
  const beliefs = learnBeliefs(before);
  const decisions = after.snapshot.hosts.flatMap((seen) => {
    const belief = beliefs.get(seen.address);
    return belief ? [decideHost(ask(after, { seen, belief, number: 2 }))] : [];
  });
  return {
    deltas: decisions.flatMap(({ deltas }) => deltas),
    held: decisions.flatMap(({ held, belief }) =>
      held || belief.status === 'MISSED' ? [belief.address] : [],
    ),
    onlyBefore: listOnlyIn(before.snapshot, after.snapshot),
    onlyAfter: listOnlyIn(after.snapshot, before.snapshot),
  };
}

function listOnlyIn(one: Snapshot, other: Snapshot): string[] {
  const covered = new Set(other.hosts.map(({ address }) => address));
  return one.hosts
    .filter(({ address, status }) => status === 'up' && !covered.has(address))
    .map(({ address }) => address);
}
