import { endpointKey } from '@netdelta/core/snapshot/endpoint-index.ts';
import type { PortSet } from '@netdelta/core/snapshot/port-set.ts';
import {
  hasPort,
  includesPorts,
  NO_PORTS,
  parsePortSet,
  portSetOf,
  subtractPorts,
  unionPorts,
} from '@netdelta/core/snapshot/port-set.ts';
import type {
  EndpointGroup,
  EndpointObservation,
  HostObservation,
  PortCoverage,
  Protocol,
  UncoveredHost,
} from '@netdelta/core/snapshot/snapshot.ts';
import type { ExtraDraft, HostDraft, PortDraft } from './draft.ts';
import { parseServiceFacts } from './service-facts.ts';
import { decidePortState, singularReason } from './states.ts';

/** What one `<host>` of the output comes to: seen to its end, or not finished. */
export type HostOutcome =
  | { readonly kind: 'seen'; readonly host: HostObservation }
  | { readonly kind: 'uncovered'; readonly host: UncoveredHost };

const NOTHING: PortCoverage = { tcp: NO_PORTS, udp: NO_PORTS };
const PROTOCOLS = ['tcp', 'udp'] as const;

/**
 * Decides what a closed `<host>` element says, given the ports that the run asked (`<scaninfo>`).
 * A host that answered discovery but has no `<ports>` in a port scan was given up (host time-out),
 * and one that nmap only assumed up (`user-set`) without asking a port was not asked at all.
 */
export function decideHostOutcome(draft: HostDraft, asked: PortCoverage): HostOutcome | null {
  const { address } = draft;
  if (address === undefined) return null;
  if (draft.timedOut) return uncovered(address, 'host-timeout');
  if (draft.status === 'down') return { kind: 'seen', host: silentHost(draft, address) };
  const portScan = PROTOCOLS.some((protocol) => asked[protocol].length > 0);
  if (portScan && !draft.hasPorts) return uncovered(address, 'host-timeout');
  if (!portScan && !draft.hasPorts && draft.reason === 'user-set')
    return uncovered(address, 'engine-error');
  return { kind: 'seen', host: observeHost(draft, address, asked) };
}

function uncovered(address: string, reason: UncoveredHost['reason']): HostOutcome {
  return { kind: 'uncovered', host: { address, reason } };
}

function silentHost(draft: HostDraft, address: string): HostObservation {
  return {
    address,
    status: 'silent',
    reason: draft.reason || 'no-response',
    names: [...draft.names],
    endpoints: [],
    rest: [],
    covered: NOTHING,
  };
}

function observeHost(draft: HostDraft, address: string, asked: PortCoverage): HostObservation {
  const endpoints = listOnce(draft.endpoints);
  const rest = groupRest(draft.extras, asked, endpoints);
  return {
    address,
    ...decideStatus(draft, endpoints, rest),
    names: [...draft.names],
    ...(draft.mac && { mac: draft.mac }),
    ...(draft.macVendor && { macVendor: draft.macVendor }),
    ...(draft.os && { os: draft.os.name }),
    endpoints,
    rest,
    covered: coverListed(asked, endpoints, rest),
    ...(draft.scripts.length > 0 && { scripts: draft.scripts }),
  };
}

/** nmap lists each port once, in order; where a file lists one again, its last word counts, as for ndiff. */
function listOnce(endpoints: readonly EndpointObservation[]): readonly EndpointObservation[] {
  const isSorted = endpoints.every((one, index) => {
    const before = endpoints[index - 1];
    if (!before) return true;
    if (before.protocol !== one.protocol) return before.protocol < one.protocol;
    return before.port < one.port;
  });
  if (isSorted) return endpoints;
  return [...new Map(endpoints.map((one) => [endpointKey(one), one])).values()];
}

/** What is listed was asked, also where `<scaninfo>` is missing or names no ports. */
function coverListed(
  asked: PortCoverage,
  endpoints: readonly EndpointObservation[],
  rest: readonly EndpointGroup[],
): PortCoverage {
  const cover = (protocol: Protocol) => {
    // Nearly always nothing is added: then all hosts of a run have their ports in common.
    if (isListed(asked[protocol], protocol, endpoints, rest)) return asked[protocol];
    const single = endpoints.filter((endpoint) => endpoint.protocol === protocol);
    const groups = rest.filter((group) => group.protocol === protocol);
    const listed = [portSetOf(single.map(({ port }) => port)), ...groups.map(({ ports }) => ports)];
    return unionPorts(asked[protocol], listed.flat());
  };
  return { tcp: cover('tcp'), udp: cover('udp') };
}

function isListed(
  asked: PortSet,
  protocol: Protocol,
  endpoints: readonly EndpointObservation[],
  rest: readonly EndpointGroup[],
): boolean {
  return (
    endpoints.every((one) => one.protocol !== protocol || hasPort(asked, one.port)) &&
    rest.every((group) => group.protocol !== protocol || includesPorts(asked, group.ports))
  );
}

/** Skipping discovery makes every address `up` by `user-set`: then only an answering port counts. */
function decideStatus(
  draft: HostDraft,
  endpoints: readonly EndpointObservation[],
  rest: readonly EndpointGroup[],
): { status: 'up' | 'silent'; reason: string } {
  if (draft.reason !== 'user-set' && draft.reason !== '')
    return { status: 'up', reason: draft.reason };
  const all = [...endpoints, ...rest];
  const positive =
    all.find((endpoint) => endpoint.state === 'open') ??
    all.find((endpoint) => endpoint.state === 'closed');
  if (positive) return { status: 'up', reason: positive.reason };
  const refused = all.find((endpoint) => endpoint.state === 'filtered');
  return { status: 'silent', reason: refused?.reason ?? 'no-response' };
}

/** What a closed `<port>` says; null when it is of another protocol. */
export function observeEndpoint(draft: PortDraft): EndpointObservation | null {
  if (draft.protocol !== 'tcp' && draft.protocol !== 'udp') return null;
  const reason = singularReason(draft.reason);
  const state = decidePortState(draft.state, reason);
  // The name of a port where nothing answered comes from a table, and would say something untrue.
  const service = state === 'open' && draft.service;
  return {
    protocol: draft.protocol,
    port: draft.port,
    state,
    reason: reason || (state === 'silent' ? 'no-response' : 'unknown'),
    ...(service && { service: parseServiceFacts(service, draft.cpe) }),
    ...(draft.scripts.length > 0 && { scripts: draft.scripts }),
  };
}

function groupRest(
  extras: readonly ExtraDraft[],
  asked: PortCoverage,
  endpoints: readonly EndpointObservation[],
): EndpointGroup[] {
  if (extras.every(({ groups }) => groups)) return extras.flatMap(({ groups = [] }) => groups);
  return PROTOCOLS.flatMap((protocol) => {
    const named = endpoints.filter((endpoint) => endpoint.protocol === protocol);
    const left = subtractPorts(asked[protocol], portSetOf(named.map(({ port }) => port)));
    return deriveRest(extras, protocol, left);
  });
}

/** What a closed `<extraports>` says by itself; undefined where a reason does not name its ports. */
export function listRest(extra: ExtraDraft): EndpointGroup[] | undefined {
  const { reasons } = extra;
  if (reasons.length === 0 || !reasons.every(({ ports }) => ports)) return undefined;
  return reasons.flatMap(({ reason: many, protocol, ports }) => {
    if (protocol !== 'tcp' && protocol !== 'udp') return [];
    const reason = singularReason(many);
    const state = closedState(extra.state, reason);
    return [{ protocol, ports: parsePortSet(ports ?? '').ports, state, reason }];
  });
}

/**
 * Older nmap gives only numbers: the ports are those asked and not listed. When several groups
 * share them nobody can say which is which, so they get the weakest state, silence.
 */
function deriveRest(
  extras: readonly ExtraDraft[],
  protocol: Protocol,
  ports: PortSet,
): EndpointGroup[] {
  if (ports.length === 0) return [];
  const pairs = extras.flatMap(({ state, reasons }) => {
    const own = reasons.length > 0 ? reasons.map(({ reason }) => singularReason(reason)) : [state];
    return own.map((reason) => ({ reason, state: closedState(state, reason) }));
  });
  const reasons = [...new Set(pairs.map(({ reason }) => reason))].filter((reason) => reason !== '');
  const states = new Set(pairs.map(({ state }) => state));
  const state = states.size === 1 ? (pairs[0]?.state ?? 'silent') : 'silent';
  return [{ protocol, ports, state, reason: reasons.join(' or ') || 'no-response' }];
}

function closedState(state: string, reason: string): EndpointGroup['state'] {
  const decided = decidePortState(state, reason);
  return decided === 'open' ? 'silent' : decided;
}
