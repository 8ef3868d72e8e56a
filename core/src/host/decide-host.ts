import { compareServices, lengthen, openServices } from '../compare/compare-services.ts';
import type { Delta, HostKind, HostSide } from '../delta/delta.ts';
import { buildServiceDelta } from '../delta/service-delta.ts';
import { covers } from '../snapshot/endpoint-index.ts';
import { NO_PORTS, unionPorts } from '../snapshot/port-set.ts';
import type { HostObservation, PortCoverage } from '../snapshot/snapshot.ts';
import type { HostBelief, ServiceBelief, Sighting } from './belief.ts';
import type { HostStatus } from './status.ts';
import { HOST_TRANSITIONS } from './transitions.ts';

/** All that one decision about one host depends on. */
export interface HostQuestion {
  /** None: a target that no finished scan has covered yet. */
  readonly belief: HostBelief | undefined;
  readonly seen: HostObservation;
  /** Consecutive silent scans (1–10) after which a host or service is really gone. */
  readonly downAfter: number;
  /** The way in which this scan asked (discoveryWay). */
  readonly way: string;
  /** The group's first scan: what it finds is learned without deltas of new hosts. */
  readonly first: boolean;
  readonly now: Sighting;
}

/** What is believed from now on, and what is to be told. `held`: silent, but asked in another way than it last answered. */
export interface HostDecision {
  readonly belief: HostBelief;
  readonly deltas: readonly Delta[];
  readonly held?: true;
}

const NOTHING_KNOWN: PortCoverage = { tcp: NO_PORTS, udp: NO_PORTS };
const NEVER_SEEN: ReadonlySet<HostStatus> = new Set(['ADDED', 'ABSENT']);

/** Decides what one scan's observation of a host means. Pure: the same question always has the same answer. */
export function decideHost(question: HostQuestion): HostDecision {
  const belief = question.belief ?? unseenHost(question.seen);
  if (belief.status === 'REMOVED') return { belief, deltas: [] };
  if (question.seen.status === 'silent') return decideSilent(question, belief);
  if (NEVER_SEEN.has(belief.status)) return decideNew(question, belief);
  return decideUp(question, belief);
}

function unseenHost(seen: HostObservation): HostBelief {
  return {
    address: seen.address,
    status: 'ADDED',
    reason: seen.reason,
    names: [],
    known: NOTHING_KNOWN,
    services: [],
  };
}

function decideSilent(
  { seen, downAfter, way, now }: HostQuestion,
  belief: HostBelief,
): HostDecision {
  if (NEVER_SEEN.has(belief.status))
    return {
      belief: { ...belief, status: HOST_TRANSITIONS[belief.status].silent, reason: seen.reason },
      deltas: [],
    };
  if (!wasAskedAsBefore(belief, seen, way)) return { belief, deltas: [], held: true };
  const silence = lengthen(belief.silence, now);
  const satisfied = silence.scans >= downAfter;
  const status = HOST_TRANSITIONS[belief.status][satisfied ? 'satisfied' : 'silent'];
  const after: HostBelief = { ...belief, status, silence };
  if (status !== 'DOWN') return { belief: after, deltas: [] };
  const evidence = { reason: seen.reason, silence: { ...silence, downAfter } };
  return { belief: after, deltas: [hostDelta('host.down', { belief, after, evidence })] };
}

/** By its ports alone, a host was asked as before when every service that it had was asked. */
function wasAskedAsBefore(belief: HostBelief, seen: HostObservation, way: string): boolean {
  if (belief.seenBy !== way) return false;
  return way !== 'ports' || belief.services.every((service) => covers(seen.covered, service));
}

function decideNew({ seen, way, first }: HostQuestion, belief: HostBelief): HostDecision {
  const after = refreshHost(belief, { seen, way, services: openServices(seen), status: 'NEW' });
  if (first) return { belief: after, deltas: [] };
  return {
    belief: after,
    deltas: [hostDelta('host.new', { belief, after, evidence: { reason: seen.reason } })],
  };
}

function decideUp({ seen, downAfter, way, now }: HostQuestion, belief: HostBelief): HostDecision {
  const { services, candidates } = compareServices(belief, seen, { downAfter, now });
  const event = candidates.length > 0 ? 'different' : 'same';
  const status = HOST_TRANSITIONS[belief.status][event];
  const after = refreshHost(belief, { seen, way, services, status });
  const deltas = candidates.map((candidate) =>
    buildServiceDelta(belief.address, candidate, downAfter),
  );
  if (status !== 'RETURNED') return { belief: after, deltas };
  const evidence = {
    reason: seen.reason,
    ...(belief.silence && { silence: { ...belief.silence, downAfter } }),
  };
  return {
    belief: after,
    deltas: [hostDelta('host.returned', { belief, after, evidence }), ...deltas],
  };
}

function refreshHost(
  belief: HostBelief,
  news: {
    seen: HostObservation;
    way: string;
    services: readonly ServiceBelief[];
    status: HostStatus;
  },
): HostBelief {
  const { silence: _ended, ...held } = belief;
  const { seen, way, services, status } = news;
  return {
    ...held,
    status,
    services,
    reason: seen.reason,
    seenBy: way,
    names: seen.names.length > 0 ? seen.names : belief.names,
    ...(seen.mac && { mac: seen.mac }),
    ...(seen.macVendor && { macVendor: seen.macVendor }),
    ...(seen.os && { os: seen.os }),
    known: {
      tcp: unionPorts(belief.known.tcp, seen.covered.tcp),
      udp: unionPorts(belief.known.udp, seen.covered.udp),
    },
  };
}

function hostDelta(
  kind: HostKind,
  {
    belief,
    after,
    evidence,
  }: { belief: HostBelief; after: HostBelief; evidence: Delta['evidence'] },
): Delta {
  const before = NEVER_SEEN.has(belief.status) ? null : hostSide(belief);
  return {
    kind,
    subject: { address: belief.address },
    before,
    after: hostSide(after, evidence.reason),
    evidence,
  };
}

const DOWN: ReadonlySet<HostStatus> = new Set(['DOWN', 'STILL_DOWN']);

function hostSide(belief: HostBelief, reason = belief.reason): HostSide {
  return {
    up: !DOWN.has(belief.status),
    reason,
    names: belief.names,
    services: belief.services.map(({ protocol, port, service }) => ({
      protocol,
      port,
      ...(service && { service }),
    })),
  };
}
