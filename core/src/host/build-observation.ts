import { NO_PORTS, portSetOf } from '../snapshot/port-set.ts';
import type { EndpointObservation, HostObservation } from '../snapshot/snapshot.ts';

/** Test data: an open endpoint. */
export function buildOpen(
  port: number,
  overrides: Partial<EndpointObservation> = {},
): EndpointObservation {
  return { protocol: 'tcp', port, state: 'open', reason: 'syn-ack', ...overrides };
}

/** Test data: a host that is up, of which `covered` TCP ports were asked; those not named were closed. */
export function buildSeen(
  endpoints: EndpointObservation[] = [],
  {
    covered = [22, 80, 443],
    ...overrides
  }: Partial<Omit<HostObservation, 'covered'>> & { covered?: number[] } = {},
): HostObservation {
  const ports = portSetOf(covered);
  return {
    address: '10.0.0.5',
    status: 'up',
    reason: 'echo-reply',
    names: [],
    endpoints,
    rest: [{ protocol: 'tcp', ports, state: 'closed', reason: 'reset' }],
    covered: { tcp: ports, udp: NO_PORTS },
    ...overrides,
  };
}

/** Test data: a host that did not answer at all. */
export function buildUnanswered(overrides: Partial<HostObservation> = {}): HostObservation {
  return {
    address: '10.0.0.5',
    status: 'silent',
    reason: 'no-response',
    names: [],
    endpoints: [],
    rest: [],
    covered: { tcp: NO_PORTS, udp: NO_PORTS },
    ...overrides,
  };
}
