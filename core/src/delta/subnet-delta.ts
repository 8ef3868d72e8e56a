import { groupBySubnet, type Outage } from '../evidence/common-cause.ts';
import type { Finding } from '../evidence/finding.ts';
import type { HostBelief } from '../host/belief.ts';
import type { Delta, DeltaOfKind, HostKind, SubnetKind } from './delta.ts';

/** The hosts of a shard: what was believed of each, and what is. */
interface Judged {
  readonly before: HostBelief | undefined;
  readonly decision: { readonly belief: HostBelief; readonly deltas: readonly Delta[] };
}

const GROUPED = [
  ['host.down', 'subnet.down'],
  ['host.returned', 'subnet.returned'],
] as const;

/** Hosts that changed together: one delta a subnet, and which deltas of hosts these stand for. */
export interface SubnetDeltas {
  readonly deltas: readonly Delta[];
  readonly standsFor: (delta: Delta) => boolean;
}

/** Finds hosts that went down, or came back, as a whole subnet. */
export function groupBySubnets(hosts: readonly Judged[]): SubnetDeltas {
  const groups = GROUPED.map((kinds) => groupOne(hosts, kinds));
  return {
    deltas: groups.flatMap(({ deltas }) => deltas),
    standsFor: (delta) => groups.some(({ standsFor }) => standsFor(delta)),
  };
}

function groupOne(
  hosts: readonly Judged[],
  [kind, subnetKind]: readonly ['host.down' | 'host.returned', SubnetKind],
): SubnetDeltas {
  const own = hosts
    .flatMap(({ decision }) => decision.deltas)
    .filter((delta): delta is DeltaOfKind<HostKind> => delta.kind === kind);
  const changed = new Set(own.map(({ subject }) => subject.address));
  const others = hosts
    .filter(kind === 'host.down' ? isStillUp : wasUpAll)
    .map(({ decision }) => decision.belief.address)
    .filter((address) => !changed.has(address));
  const outages = groupBySubnet([...changed], others);
  const grouped = new Set(outages.flatMap(({ addresses }) => addresses));
  return {
    deltas: outages.map((outage) => buildSubnetDelta(subnetKind, outage, own)),
    standsFor: (delta) => delta.kind === kind && grouped.has(delta.subject.address),
  };
}

const ANSWERS: ReadonlySet<HostBelief['status']> = new Set(['NEW', 'UP', 'CHANGED', 'RETURNED']);

/** It answered this scan, so what went down around it is not its whole subnet. */
function isStillUp({ decision: { belief } }: Judged): boolean {
  return ANSWERS.has(belief.status) && !belief.silence;
}

/** It had not been down with those that came back. */
function wasUpAll(host: Judged): boolean {
  const { before } = host;
  return isStillUp(host) && before !== undefined && ANSWERS.has(before.status);
}

function buildSubnetDelta(
  kind: SubnetKind,
  { subnet, addresses }: Outage,
  hosts: readonly DeltaOfKind<HostKind>[],
): Delta {
  const members = new Set(addresses);
  const first = hosts.find(({ subject }) => members.has(subject.address));
  const up = kind === 'subnet.returned';
  return {
    kind,
    subject: { target: subnet },
    before: { up: !up, addresses },
    after: { up, addresses },
    evidence: first?.evidence ?? { reason: 'no-response' },
  };
}

/** Makes the one delta of a scan that heard nothing where something always answered. */
export function buildBlindDelta({
  findings,
  sentinels,
}: {
  readonly findings: readonly Finding[];
  readonly sentinels: readonly Finding[];
}): DeltaOfKind<'scanner.blind'> {
  const silentHosts = findings.filter(
    ({ doubt, outcome }) => doubt.kind === 'host' && outcome !== 'refuted',
  ).length;
  return {
    kind: 'scanner.blind',
    subject: { target: 'scanner' },
    before: null,
    after: { silentHosts, sentinels: sentinels.map(({ doubt }) => doubt.address) },
    evidence: { reason: 'no-response', likelihood: 1 },
  };
}
