import {
  compareServices,
  openServices,
  type ServiceComparison,
} from '../compare/compare-services.ts';
import { buildEvidence } from '../delta/build-evidence.ts';
import type { Delta } from '../delta/delta.ts';
import { buildEverythingDelta, buildHostDelta } from '../delta/host-delta.ts';
import { buildServiceDelta } from '../delta/service-delta.ts';
import { decideAnswersEverything } from '../evidence/answers-everything.ts';
import { decideContacts } from '../evidence/contact.ts';
import { doubtKey } from '../evidence/doubt.ts';
import type { Finding } from '../evidence/finding.ts';
import { covers } from '../snapshot/endpoint-index.ts';
import { NO_PORTS, unionPorts } from '../snapshot/port-set.ts';
import type { HostObservation, PortCoverage } from '../snapshot/snapshot.ts';
import type { HostBelief, ServiceBelief, Sighting } from './belief.ts';
import { decideSilence, type SilenceRules } from './silence-rule.ts';
import { type HostStatus, isDown, isNeverSeen } from './status.ts';
import { HOST_TRANSITIONS } from './transitions.ts';

/** What all hosts of a scan have in common. */
export interface ScanFrame {
  /** The way in which this scan asked (discoveryWay). */
  readonly way: string;
  /** The group's first scan: what it finds is learned without deltas of new hosts. */
  readonly first: boolean;
  readonly now: Sighting;
  /** Counts the group's scans, from 1. */
  readonly number: number;
}

/** All that one decision about one host depends on. */
export interface HostQuestion {
  /** None: a target that no finished scan has covered yet. */
  readonly belief: HostBelief | undefined;
  readonly seen: HostObservation;
  readonly rules: SilenceRules;
  readonly frame: ScanFrame;
  /** What became of the shard's doubts, by doubtKey. */
  readonly findings: ReadonlyMap<string, Finding>;
  /** Ports that nobody uses were asked as well, and so many of them were open. */
  readonly openDecoys?: number;
}

/** What is believed from now on, and what is to be told. `held`: silent, but asked in another way than it last answered. */
export interface HostDecision {
  readonly belief: HostBelief;
  readonly deltas: readonly Delta[];
  /** Believed, but not told: what flaps is told when that begins and ends. */
  readonly untold?: readonly Delta[];
  readonly held?: true;
}

const NOTHING_KNOWN: PortCoverage = { tcp: NO_PORTS, udp: NO_PORTS };

/** Decides what one scan's observation of a host means. Pure: the same question always has the same answer. */
export function decideHost(question: HostQuestion): HostDecision {
  const belief = question.belief ?? unseenHost(question.seen);
  if (belief.status === 'REMOVED') return { belief, deltas: [] };
  if (isNeverSeen(belief.status)) {
    if (question.seen.status === 'up') return decideNew(question, belief);
    const status = HOST_TRANSITIONS[belief.status].silent;
    return { belief: { ...belief, status, reason: question.seen.reason }, deltas: [] };
  }
  return question.seen.status === 'silent'
    ? decideSilent(question, belief)
    : decideUp(question, belief);
}

function unseenHost(seen: HostObservation): HostBelief {
  return {
    address: seen.address,
    status: 'ADDED',
    reason: seen.reason,
    contacts: [],
    names: [],
    known: NOTHING_KNOWN,
    services: [],
    unsteady: [],
  };
}

function decideSilent(question: HostQuestion, belief: HostBelief): HostDecision {
  const { seen, rules, frame } = question;
  // As before: an unchanged network changes no row, so the silent scans are not counted on.
  if (isDown(belief.status)) return { belief: { ...belief, status: 'STILL_DOWN' }, deltas: [] };
  const finding = question.findings.get(doubtKey(belief));
  const asked = finding !== undefined && finding.probes.length > 0;
  if (!asked && !wasAskedAsBefore(belief, seen, frame.way))
    return { belief, deltas: [], held: true };
  const rule = rules.downAfter;
  const { silence, gone } = decideSilence(belief.silence, { finding, rule, now: frame.now });
  const status = HOST_TRANSITIONS[belief.status][gone ? 'satisfied' : 'silent'];
  const after: HostBelief = { ...belief, status, silence };
  if (status !== 'DOWN') return { belief: after, deltas: [] };
  const evidence = buildEvidence(seen.reason, { silence, finding, rule });
  return { belief: after, deltas: [buildHostDelta('host.down', { belief, after, evidence })] };
}

/** By its ports alone, a host was asked as before when every service that it had was asked. */
function wasAskedAsBefore(belief: HostBelief, seen: HostObservation, way: string): boolean {
  if (belief.seenBy !== way) return false;
  return way !== 'ports' || belief.services.every((service) => covers(seen.covered, service));
}

function decideNew(question: HostQuestion, belief: HostBelief): HostDecision {
  const { seen, frame } = question;
  const everything = decideAnswersEverything(question.openDecoys ?? 0);
  const services = everything ? [] : openServices(seen);
  const after = refreshHost(belief, question, { services, status: 'NEW', everything });
  if (frame.first) return { belief: after, deltas: [] };
  const evidence = { reason: seen.reason, likelihood: 1 };
  if (everything) return { belief: after, deltas: [buildEverythingDelta(null, after, seen)] };
  return { belief: after, deltas: [buildHostDelta('host.new', { belief, after, evidence })] };
}

function decideUp(question: HostQuestion, belief: HostBelief): HostDecision {
  const { seen, rules } = question;
  const everything = decideEverything(question, belief);
  const { services, candidates } = everything ? hold(belief) : compare(question, belief);
  const event = candidates.length > 0 ? 'different' : 'same';
  const status = HOST_TRANSITIONS[belief.status][event];
  const after = refreshHost(belief, question, { services, status, everything });
  const deltas: Delta[] = candidates.map((candidate) =>
    buildServiceDelta(belief.address, candidate, rules.serviceDownAfter),
  );
  if (everything !== (belief.answersEverything ?? false))
    deltas.unshift(buildEverythingDelta(belief, after, seen));
  if (status !== 'RETURNED') return { belief: after, deltas };
  const grounds = { silence: belief.silence, rule: rules.downAfter };
  const evidence = { ...buildEvidence(seen.reason, grounds), likelihood: 1 };
  deltas.unshift(buildHostDelta('host.returned', { belief, after, evidence }));
  return { belief: after, deltas };
}

function compare(
  { seen, rules, frame, findings }: HostQuestion,
  belief: HostBelief,
): ServiceComparison {
  return compareServices(belief, seen, { rule: rules.serviceDownAfter, now: frame.now, findings });
}

/** What it offers cannot be told: its services stay as they are believed. */
function hold(belief: HostBelief): ServiceComparison {
  return { services: belief.services, candidates: [] };
}

function decideEverything({ openDecoys }: HostQuestion, belief: HostBelief): boolean {
  if (openDecoys === undefined) return belief.answersEverything ?? false;
  return decideAnswersEverything(openDecoys);
}

function refreshHost(
  belief: HostBelief,
  { seen, frame }: HostQuestion,
  news: {
    services: readonly ServiceBelief[];
    status: HostStatus;
    everything: boolean;
  },
): HostBelief {
  const { silence: _ended, answersEverything: _was, ...held } = belief;
  const { services, status, everything } = news;
  return {
    ...held,
    status,
    services,
    reason: seen.reason,
    seenBy: frame.way,
    contacts: decideContacts(belief.contacts, seen),
    names: seen.names.length > 0 ? seen.names : belief.names,
    ...(seen.mac && { mac: seen.mac }),
    ...(seen.macVendor && { macVendor: seen.macVendor }),
    ...(seen.os && { os: seen.os }),
    ...(everything && { answersEverything: true }),
    known: {
      tcp: unionPorts(belief.known.tcp, seen.covered.tcp),
      udp: unionPorts(belief.known.udp, seen.covered.udp),
    },
  };
}
