import { isMassLoss } from '../evidence/common-cause.ts';
import { isBelievedUp } from '../evidence/doubt.ts';
import { type Finding, indexFindings } from '../evidence/finding.ts';
import { settleSnapshot } from '../evidence/settle.ts';
import type { HostObservation } from '../snapshot/snapshot.ts';
import type { HostBelief } from './belief.ts';
import { decideHost, type ScanFrame } from './decide-host.ts';
import { type Sight, settleSight } from './decide-sight.ts';
import { identityKeys, type MovingIdentity, shareIdentity } from './identity.ts';
import { type Acquaintance, indexByKey, recogniseHosts } from './recognise-hosts.ts';
import type { SilenceRules } from './silence-rule.ts';
import type { HostStatus } from './status.ts';

/** What one shard of a scan saw, and how it asked. */
export interface GroupLook {
  readonly sight: Sight;
  readonly frame: ScanFrame;
}

/** All that the whereabouts of a group's hosts rest on. */
export interface RelocationQuestion {
  readonly by: MovingIdentity;
  /** All that the scan saw, by shard. */
  readonly looks: readonly GroupLook[];
  /** What is believed of the group's addresses, by address. */
  readonly beliefs: ReadonlyMap<string, HostBelief>;
  /** Hosts whose address belongs to another host since. Their address is the last one that they had. */
  readonly displaced: readonly HostBelief[];
  /** Addresses that were not asked because the name by which they are targets is elsewhere now. */
  readonly renamed: ReadonlySet<string>;
  /** The rules of a host, as it stands in this question; undefined: of the group. */
  readonly rulesOf: (host: HostBelief | undefined) => SilenceRules;
}

export interface Relocation {
  /** What is believed of each address, with every host where it was recognised. */
  readonly beliefs: ReadonlyMap<string, HostBelief>;
  /** By address, where another host is than before: it, as it stands in the question; null: nobody known. */
  readonly tenants: ReadonlyMap<string, HostBelief | null>;
  /** Hosts without an address from now on, as they stand in the question. */
  readonly displaced: readonly HostBelief[];
}

const NOBODY: ReadonlySet<HostStatus> = new Set(['ADDED', 'ABSENT', 'REMOVED']);

/**
 * Brings what is believed of hosts to the addresses at which they are recognised now (see
 * recogniseHosts). An address that was left is one where nobody was ever seen; a host whose address
 * somebody else has, and who is seen nowhere, is displaced. Pure.
 */
export function relocateHosts(question: RelocationQuestion): Relocation {
  const { by, displaced } = question;
  const seen = indexSeen(question.looks);
  const keysOf = (host: { readonly mac?: string; readonly names: readonly string[] }) =>
    identityKeys(by, host);
  const placed = [...question.beliefs.values()]
    .filter(({ status }) => !NOBODY.has(status))
    .map((belief) => ({ belief, keys: keysOf(belief), ...decideLeft(question, belief, seen) }));
  const homeless = displaced.map((belief) => ({ belief, keys: keysOf(belief), left: true }));
  const met = [...seen.values()]
    .filter(({ host }) => host.status === 'up' && !isRemoved(question, host.address))
    .map(({ host }) => ({ address: host.address, keys: keysOf(host) }));
  const moved = recogniseHosts([...placed, ...homeless], met);
  const metBy = indexByKey(met);
  const isMet = (keys: readonly string[]) => metBy(keys).length > 0;
  const evicted = listEvicted({ placed, moved, isMet });
  const movers = new Set(moved.values());
  return settle(question, {
    moved,
    empty: [...placed.filter((host) => movers.has(host)), ...evicted],
    displaced: [
      ...homeless.filter((host) => !movers.has(host) && !isMet(host.keys)),
      ...evicted.filter(({ keys }) => !isMet(keys)),
    ],
  });
}

interface Seen {
  readonly host: HostObservation;
  readonly frame: ScanFrame;
  readonly findings: ReadonlyMap<string, Finding>;
}

function indexSeen(looks: readonly GroupLook[]): ReadonlyMap<string, Seen> {
  const all = looks.flatMap(({ sight, frame }) => {
    const findings = indexFindings(sight.findings);
    return settleSight(sight).hosts.map((host) => ({ host, frame, findings }));
  });
  return new Map(all.map((seen) => [seen.host.address, seen]));
}

function isRemoved({ beliefs }: RelocationQuestion, address: string): boolean {
  return beliefs.get(address)?.status === 'REMOVED';
}

/**
 * Whether a host is not where it is believed to be: silent (asked in a way that it would answer),
 * or somebody else (`stranger`) answers. What was not asked may still be there.
 */
function decideLeft(
  { by, renamed, rulesOf }: RelocationQuestion,
  belief: HostBelief,
  seen: ReadonlyMap<string, Seen>,
): { left: boolean; stranger: boolean } {
  const found = seen.get(belief.address);
  if (!found) return { left: renamed.has(belief.address), stranger: false };
  const { host, frame, findings } = found;
  if (host.status === 'silent') {
    const question = { belief, seen: host, rules: rulesOf(belief), frame, findings };
    return { left: !decideHost(question).held, stranger: false };
  }
  const [ours, theirs] = [identityKeys(by, belief), identityKeys(by, host)];
  const stranger = ours.length > 0 && theirs.length > 0 && !shareIdentity(ours, theirs);
  return { left: stranger, stranger };
}

type Placed = Acquaintance & { readonly stranger: boolean };

/**
 * Hosts that have to give way: to one that moved in, or to a stranger. One that is seen elsewhere,
 * or believed elsewhere too, was no more than its addresses: a stranger there is that host, changed.
 */
function listEvicted({
  placed,
  moved,
  isMet,
}: {
  readonly placed: readonly Placed[];
  readonly moved: ReadonlyMap<string, Acquaintance>;
  readonly isMet: (keys: readonly string[]) => boolean;
}): readonly Placed[] {
  const known = indexByKey(placed);
  const movers = new Set(moved.values());
  return placed.filter((host) => {
    if (movers.has(host)) return false;
    if (moved.has(host.belief.address)) return true;
    return host.stranger && !isMet(host.keys) && known(host.keys).length === 1;
  });
}

function settle(
  { beliefs }: RelocationQuestion,
  news: {
    readonly moved: ReadonlyMap<string, Acquaintance>;
    readonly empty: readonly Acquaintance[];
    readonly displaced: readonly Acquaintance[];
  },
): Relocation {
  const left = news.empty.map(({ belief }) => [belief.address, null] as const);
  const arrived = [...news.moved].map(([address, { belief }]) => [address, belief] as const);
  const tenants = new Map<string, HostBelief | null>([...left, ...arrived]);
  const relocated = [...tenants].map(
    ([address, host]) => [address, host ? { ...host, address } : emptyAddress(address)] as const,
  );
  return {
    beliefs: new Map([...beliefs, ...relocated]),
    tenants,
    displaced: news.displaced.map(({ belief }) => belief),
  };
}

/** What is believed of an address whose host has left. */
function emptyAddress(address: string): HostBelief {
  const nothing = { contacts: [], names: [], services: [], unsteady: [] };
  return { address, status: 'ABSENT', reason: 'moved', known: { tcp: [], udp: [] }, ...nothing };
}

/**
 * Looks that seemed blind because their hosts vanished together, and did not: those hosts are
 * seen at other addresses. Without them, what vanished has to be no mass loss any more.
 */
export function clearMoved(question: RelocationQuestion): readonly GroupLook[] {
  const { looks } = question;
  if (looks.every(({ sight }) => sight.path === 'clear')) return looks;
  const cleared = looks.map(({ sight, frame }) => ({
    sight: { ...sight, path: 'clear' as const },
    frame,
  }));
  const { tenants } = relocateHosts({ ...question, looks: cleared });
  return looks.map((look, at) =>
    isExplained(look.sight, question.beliefs, tenants) ? (cleared[at] ?? look) : look,
  );
}

function isExplained(
  { snapshot, findings }: Sight,
  beliefs: ReadonlyMap<string, HostBelief>,
  tenants: Relocation['tenants'],
): boolean {
  const believed = settleSnapshot(snapshot, findings).hosts.filter(({ address }) =>
    isBelievedUp(beliefs.get(address)),
  );
  const others = believed.filter(({ address }) => !tenants.has(address));
  const vanished = others.filter(({ status }) => status === 'silent').length;
  const all = vanished > 0 && vanished === others.length;
  return others.length < believed.length && !all && !isMassLoss(vanished, others.length);
}
