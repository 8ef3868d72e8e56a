import { hasPort } from './port-set.ts';
import type {
  EndpointObservation,
  HostObservation,
  PortCoverage,
  Protocol,
  ScriptOutput,
  ServiceFacts,
} from './snapshot.ts';

/** The identity of an endpoint within its host: `tcp/22`. A service's name is never part of it. */
export type EndpointKey = `${Protocol}/${number}`;

export function endpointKey(endpoint: { protocol: Protocol; port: number }): EndpointKey {
  return `${endpoint.protocol}/${endpoint.port}`;
}

/** What a scan says of one endpoint. */
export interface EndpointState {
  readonly state: EndpointObservation['state'];
  readonly reason: string;
  readonly service?: ServiceFacts;
  readonly scripts?: readonly ScriptOutput[];
}

/** Tells whether an endpoint is within a coverage. */
export function covers(
  coverage: PortCoverage,
  endpoint: { protocol: Protocol; port: number },
): boolean {
  return hasPort(coverage[endpoint.protocol], endpoint.port);
}

/**
 * Answers, for any endpoint of an observed host, what the scan saw there; undefined where it did
 * not look. An endpoint that was covered but that the engine does not mention was silent.
 */
export function indexEndpoints(
  seen: HostObservation,
): (endpoint: { protocol: Protocol; port: number }) => EndpointState | undefined {
  const named = new Map(seen.endpoints.map((endpoint) => [endpointKey(endpoint), endpoint]));
  return (endpoint) => {
    if (!covers(seen.covered, endpoint)) return undefined;
    const own = named.get(endpointKey(endpoint));
    if (own) return own;
    const group = seen.rest.find(
      (rest) => rest.protocol === endpoint.protocol && hasPort(rest.ports, endpoint.port),
    );
    return group ?? { state: 'silent', reason: 'no-response' };
  };
}
