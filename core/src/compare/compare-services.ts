import type { ServiceBelief, Sighting, Silence } from '../host/belief.ts';
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
}

/** What an observation makes of the services of one host that is up. */
export interface ServiceComparison {
  readonly services: readonly ServiceBelief[];
  readonly candidates: readonly ServiceCandidate[];
}

/** When silence counts (`downAfter` consecutive covering scans), and which scan this is. */
export interface Looking {
  readonly downAfter: number;
  readonly now: Sighting;
}

/** The service as believed from now on (none: not open any more), and the difference if there is one. */
interface Verdict {
  readonly service?: ServiceBelief;
  readonly candidate?: ServiceCandidate;
}

/**
 * Compares the believed services of a host with what a scan saw of it.
 * Endpoints that the scan did not cover are held. A refusal (RST, ICMP) counts at once; silence counts
 * from `downAfter` consecutive covering scans on. An open endpoint that no earlier scan had covered
 * is learned without a candidate: a wider port list is not a change.
 */
export function compareServices(
  belief: { readonly services: readonly ServiceBelief[]; readonly known: PortCoverage },
  seen: HostObservation,
  looking: Looking,
): ServiceComparison {
  const stateOf = indexEndpoints(seen);
  const believed = new Set(belief.services.map(endpointKey));
  const verdicts = [
    ...belief.services.map((before) => judgeBelieved(before, stateOf(before), looking)),
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

function judgeBelieved(
  before: ServiceBelief,
  state: EndpointState | undefined,
  looking: Looking,
): Verdict {
  if (!state) return { service: before };
  if (state.state === 'open') return judgeStillOpen(before, state);
  if (state.state === 'silent') return judgeSilent(before, state, looking);
  return { candidate: { before, after: null, state: state.state, reason: state.reason } };
}

function judgeStillOpen(before: ServiceBelief, state: EndpointState): Verdict {
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
  return { service: after, candidate: { before, after, state: 'open', reason: state.reason } };
}

function judgeSilent(
  before: ServiceBelief,
  state: EndpointState,
  { downAfter, now }: Looking,
): Verdict {
  const silence = lengthen(before.silence, now);
  if (silence.scans < downAfter) return { service: { ...before, silence } };
  return { candidate: { before, after: null, state: 'filtered', reason: state.reason, silence } };
}

/** One more silent scan. */
export function lengthen(silence: Silence | undefined, now: Sighting): Silence {
  return { scans: (silence?.scans ?? 0) + 1, since: silence?.since ?? now };
}
