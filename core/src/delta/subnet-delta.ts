import { groupBySubnet, type Outage } from '../evidence/common-cause.ts';
import type { Finding } from '../evidence/finding.ts';
import type { HostBelief } from '../host/belief.ts';
import type { Delta, DeltaOfKind, HostKind, SubnetKind } from './delta.ts';

/** The hosts of a shard: what was believed of each, and what is. */
interface Judged {
  readonly before: HostBelief | undefined;
  readonly decision: { readonly belief: HostBelief };
}

const GROUPED = [
  ['host.down', 'subnet.down'],
  ['host.returned', 'subnet.returned'],
] as const;

/**
 * Joins the deltas of hosts that went down, or came back, as a whole subnet: one delta instead of
 * one a host. Deltas of their services stay.
 */
export function groupHostDeltas(
  deltas: readonly Delta[],
  hosts: readonly Judged[],
): readonly Delta[] {
  return GROUPED.reduce((all, kinds) => groupOne(all, hosts, kinds), deltas);
}

function groupOne(
  deltas: readonly Delta[],
  hosts: readonly Judged[],
  [kind, subnetKind]: readonly ['host.down' | 'host.returned', SubnetKind],
): readonly Delta[] {
  const own = deltas.filter((delta): delta is DeltaOfKind<HostKind> => delta.kind === kind);
  const changed = new Set(own.map(({ subject }) => subject.address));
  const others = hosts
    .filter(kind === 'host.down' ? isStillUp : wasUpAll)
    .map(({ decision }) => decision.belief.address)
    .filter((address) => !changed.has(address));
  const outages = groupBySubnet([...changed], others);
  if (outages.length === 0) return deltas;
  const grouped = new Set(outages.flatMap(({ addresses }) => addresses));
  const subnets = outages.map((outage) => buildSubnetDelta(subnetKind, outage, own));
  const left = deltas.filter(
    (delta) => !(delta.kind === kind && grouped.has(delta.subject.address)),
  );
  return [...subnets, ...left];
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
