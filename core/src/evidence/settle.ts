import { endpointKey } from '../snapshot/endpoint-index.ts';
import {
  NO_PORTS,
  normalisePorts,
  portSetOf,
  subtractPorts,
  unionPorts,
} from '../snapshot/port-set.ts';
import type {
  EndpointObservation,
  HostObservation,
  PortCoverage,
  Protocol,
  Snapshot,
  UncoveredHost,
} from '../snapshot/snapshot.ts';
import { endpointOf } from './contact.ts';
import { type Doubt, doubtKey } from './doubt.ts';
import type { Finding } from './finding.ts';

const PROTOCOLS: readonly Protocol[] = ['tcp', 'udp'];

/**
 * What a shard saw, once its doubts are settled: an endpoint or a host that answered when it was
 * asked again is observed as it answered. What stayed silent is observed as silent, as before.
 */
export function settleSnapshot(snapshot: Snapshot, findings: readonly Finding[]): Snapshot {
  const answered = new Map(
    findings.filter(hasNews).map((finding) => [doubtKey(finding.doubt), finding]),
  );
  if (answered.size === 0) return snapshot;
  return { ...snapshot, hosts: snapshot.hosts.map((host) => settleHost(host, answered)) };
}

function hasNews({ doubt, outcome, answer }: Finding): boolean {
  return answer !== undefined || (doubt.kind === 'replaced' && outcome !== 'confirmed');
}

function settleHost(
  host: HostObservation,
  answered: ReadonlyMap<string, Finding>,
): HostObservation {
  const whole = answered.get(host.address);
  // One that is up was asked as a whole once more, after it had answered.
  if (whole && host.status === 'silent') return reviveHost(host, whole);
  const found = [...answered.values()].filter(
    ({ doubt }) => doubt.address === host.address && doubt.endpoint !== undefined,
  );
  if (found.length === 0) return host;
  const settled = new Map(found.map((finding) => [finding.doubt.endpoint, finding]));
  const kept = host.endpoints.filter((endpoint) => !settled.has(endpointKey(endpoint)));
  return { ...host, endpoints: [...kept, ...found.flatMap(observeAgain)] };
}

/** It answered after all. Its ports were not asked, or were silent with it: not covered. */
function reviveHost(host: HostObservation, { probes, answer }: Finding): HostObservation {
  const answers = probes.filter(({ state }) => state === 'open' || state === 'closed');
  const endpoints = answers.flatMap(({ contact, state, reason }): EndpointObservation[] => {
    const endpoint = endpointOf(contact);
    return endpoint ? [{ ...endpoint, state, reason }] : [];
  });
  return {
    ...host,
    status: 'up',
    reason: answer?.reason ?? host.reason,
    endpoints,
    rest: [],
    covered: coverOnly(endpoints),
  };
}

function observeAgain({ doubt, answer }: Finding): EndpointObservation[] {
  const endpoint = doubt.endpoint && endpointOf(doubt.endpoint);
  if (!endpoint) return [];
  const { state, reason } = answer ?? { state: 'open' as const, reason: 'syn-ack' };
  // Without facts of its own it is the service that was believed.
  return [{ ...endpoint, state, reason }];
}

/**
 * What remains of a snapshot whose silence proves nothing, as the scanner itself heard nothing:
 * hosts and endpoints that answered. All the rest is not covered.
 */
export function voidSilence(snapshot: Snapshot, reason: UncoveredHost['reason']): Snapshot {
  const silent = snapshot.hosts.filter(({ status }) => status === 'silent');
  const voided = silent.map(({ address }) => ({ address, reason }));
  return {
    hosts: snapshot.hosts.filter(({ status }) => status === 'up').map(keepAnswers),
    uncovered: [...snapshot.uncovered, ...voided],
  };
}

function keepAnswers(host: HostObservation): HostObservation {
  const endpoints = host.endpoints.filter(({ state }) => state !== 'silent');
  const rest = host.rest.filter(({ state }) => state !== 'silent');
  const named = coverOnly(endpoints);
  const covered = Object.fromEntries(
    PROTOCOLS.map((protocol) => {
      const groups = rest.filter((group) => group.protocol === protocol);
      const ports = groups.reduce((all, group) => unionPorts(all, group.ports), named[protocol]);
      return [protocol, intersect(ports, host.covered[protocol])];
    }),
  );
  return { ...host, endpoints, rest, covered: { tcp: NO_PORTS, udp: NO_PORTS, ...covered } };
}

function intersect(a: PortCoverage['tcp'], b: PortCoverage['tcp']): PortCoverage['tcp'] {
  return subtractPorts(a, subtractPorts(a, b));
}

function coverOnly(endpoints: readonly EndpointObservation[]): PortCoverage {
  const portsOf = (protocol: Protocol) =>
    normalisePorts(
      endpoints
        .filter((endpoint) => endpoint.protocol === protocol)
        .map(({ port }) => [port, port] as const),
    );
  return { tcp: portsOf('tcp'), udp: portsOf('udp') };
}

/**
 * A snapshot without the endpoints that are in doubt: nobody could ask again, so they count as not
 * covered. Silent hosts are voidSilence's.
 */
export function uncoverDoubts(snapshot: Snapshot, doubts: readonly Doubt[]): Snapshot {
  const doubted = Map.groupBy(doubts, ({ address }) => address);
  return {
    ...snapshot,
    hosts: snapshot.hosts.map((host) => uncoverEndpoints(host, doubted.get(host.address) ?? [])),
  };
}

function uncoverEndpoints(host: HostObservation, doubts: readonly Doubt[]): HostObservation {
  const endpoints = doubts.flatMap(({ endpoint }) => (endpoint && endpointOf(endpoint)) ?? []);
  if (endpoints.length === 0) return host;
  const keys = new Set(endpoints.map(endpointKey));
  const cut = (protocol: Protocol) =>
    subtractPorts(
      host.covered[protocol],
      portSetOf(endpoints.filter((one) => one.protocol === protocol).map(({ port }) => port)),
    );
  return {
    ...host,
    endpoints: host.endpoints.filter((endpoint) => !keys.has(endpointKey(endpoint))),
    covered: { tcp: cut('tcp'), udp: cut('udp') },
  };
}

/** Hosts that answered only when they were asked again: what their ports are nobody has asked yet. */
export function listRevived(findings: readonly Finding[], snapshot: Snapshot): string[] {
  const revived = new Set(
    findings
      .filter(({ doubt, outcome }) => doubt.kind === 'host' && outcome === 'refuted')
      .map(({ doubt }) => doubt.address),
  );
  return snapshot.hosts.map(({ address }) => address).filter((address) => revived.has(address));
}

/** A snapshot with newer observations of some of its hosts, of those only that were seen up. */
export function replaceHosts(snapshot: Snapshot, newer: readonly HostObservation[]): Snapshot {
  const up = new Map(
    newer.filter(({ status }) => status === 'up').map((host) => [host.address, host]),
  );
  return { ...snapshot, hosts: snapshot.hosts.map((host) => up.get(host.address) ?? host) };
}
