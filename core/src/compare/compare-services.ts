import { doubtKey } from '../evidence/doubt.ts';
import type { Finding } from '../evidence/finding.ts';
import type { ServiceBelief, Sighting, Silence } from '../host/belief.ts';
import { type DownAfter, decideSilence } from '../host/silence-rule.ts';
import {
  covers,
  type EndpointState,
  endpointKey,
  indexEndpoints,
} from '../snapshot/endpoint-index.ts';
import type { HostObservation, PortCoverage } from '../snapshot/snapshot.ts';
import { isSameService, joinServices } from './service-facts.ts';

/** A difference between belief and observation that is strong enough to stand. */
export interface ServiceCandidate {
  readonly before: ServiceBelief | null;
  /** The service as it is now; null when it is not open any more. */
  readonly after: ServiceBelief | null;
  /** How the endpoint answered: `open`, `closed` (refused) or `filtered` (silence, or an ICMP refusal). */
  readonly state: 'open' | 'closed' | 'filtered';
  readonly reason: string;
  /** The silent scans that decided, when silence did. */
  readonly silence?: Silence;
  /** How the endpoint was asked again within the scan. */
  readonly finding?: Finding;
}

/** What an observation makes of the services of one host that is up. */
export interface ServiceComparison {
  readonly services: readonly ServiceBelief[];
  readonly candidates: readonly ServiceCandidate[];
}

/** When silence counts, which scan this is, and what became of its doubts (by doubtKey). */
export interface Looking {
  readonly rule: DownAfter;
  readonly now: Sighting;
  readonly findings: ReadonlyMap<string, Finding>;
}

/** The service as believed from now on (none: not open any more), and the difference if there is one. */
interface Verdict {
  readonly service?: ServiceBelief;
  readonly candidate?: ServiceCandidate;
}

/**
 * Compares the believed services of a host with what a scan saw of it.
 * Endpoints that the scan did not cover are held. A refusal (RST, ICMP) counts at once; silence counts
 * by the rule (decideSilence). An open endpoint that no earlier scan had covered
 * is learned without a candidate: a wider port list is not a change.
 */
export function compareServices(
  belief: {
    readonly address: string;
    readonly services: readonly ServiceBelief[];
    readonly known: PortCoverage;
  },
  seen: HostObservation,
  looking: Looking,
): ServiceComparison {
  const stateOf = indexEndpoints(seen);
  const believed = new Set(belief.services.map(endpointKey));
  const verdicts = [
    ...belief.services.map((before) => {
      const key = doubtKey({ address: belief.address, endpoint: endpointKey(before) });
      const finding = looking.findings.get(key);
      return judgeBelieved(before, stateOf(before), { ...looking, finding });
    }),
    ...openServices(seen)
      .filter((service) => !believed.has(endpointKey(service)))
      .map((service) => judgeOpened(service, covers(belief.known, service))),
  ];
  return {
    services: verdicts.flatMap((verdict) => verdict.service ?? []),
    candidates: verdicts.flatMap((verdict) => verdict.candidate ?? []),
  };
}

/** The open endpoints of an observation, as services. */
export function openServices(seen: HostObservation): ServiceBelief[] {
  return seen.endpoints
    .filter((endpoint) => endpoint.state === 'open')
    .map(({ protocol, port, reason, service, scripts }) => ({
      protocol,
      port,
      reason,
      ...(service && { service }),
      ...(scripts && { scripts }),
    }));
}

function judgeOpened(after: ServiceBelief, wasCovered: boolean): Verdict {
  if (!wasCovered) return { service: after };
  return {
    service: after,
    candidate: { before: null, after, state: 'open', reason: after.reason },
  };
}

type Questioned = Looking & { readonly finding: Finding | undefined };

function judgeBelieved(
  before: ServiceBelief,
  state: EndpointState | undefined,
  looking: Questioned,
): Verdict {
  if (!state) return { service: before };
  if (state.state === 'open') return judgeStillOpen(before, state, looking);
  const { finding } = looking;
  // A refusal that was not repeated is no more than silence: the rule decides.
  const unsure = finding?.outcome === 'undecided' || finding?.outcome === 'unasked';
  if (state.state === 'silent' || unsure) return judgeSilent(before, state, looking);
  return {
    candidate: {
      before,
      after: null,
      state: state.state,
      reason: state.reason,
      ...(finding && { finding }),
    },
  };
}

function judgeStillOpen(
  before: ServiceBelief,
  state: EndpointState,
  { finding }: Questioned,
): Verdict {
  const same = isSameService(before.service, state.service);
  const { silence: _ended, ...held } = before;
  const service = same ? joinServices(before.service, state.service) : state.service;
  const scripts = state.scripts ?? before.scripts;
  const after: ServiceBelief = {
    ...held,
    reason: state.reason,
    ...(service && { service }),
    ...(scripts && { scripts }),
  };
  if (same) return { service: after };
  return {
    service: after,
    candidate: {
      before,
      after,
      state: 'open',
      reason: state.reason,
      ...(finding && { finding }),
    },
  };
}

function judgeSilent(
  before: ServiceBelief,
  state: EndpointState,
  { rule, now, finding }: Questioned,
): Verdict {
  const { silence, gone } = decideSilence(before.silence, { finding, rule, now });
  if (!gone) return { service: { ...before, silence } };
  const closed = state.state === 'closed' ? 'closed' : 'filtered';
  const candidate = { before, after: null, state: closed, reason: state.reason } as const;
  return { candidate: { ...candidate, silence, ...(finding && { finding }) } };
}
