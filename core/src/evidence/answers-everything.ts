import type { HostBelief } from '../host/belief.ts';
import { endpointKey } from '../snapshot/endpoint-index.ts';
import { countPorts, listPorts, subtractPorts } from '../snapshot/port-set.ts';
import type { HostObservation } from '../snapshot/snapshot.ts';

/** So many ports that open at once are not believed before ports that nobody uses were asked. */
const SUSPICIOUS_OPENINGS = 24;
const PORTS_ASKED = 6;
/** So many of the six have to answer. */
const ENOUGH_OPEN = 4;
const FIRST_PRIVATE_PORT = 49_152;
const LAST_PORT = 65_535;
/** Coprime to the number of private ports: successive steps meet them all. */
const STRIDE = 2_741;

/**
 * The ports, never asked by the sweep, by which to find out whether a host accepts any connection
 * (a tarpit, a SYN proxy): six private ones (RFC 6335, 49152–65535) that depend on `seed`. Empty
 * when too few opened at once to suspect it, and it was not known to do so.
 */
export function listDecoys(
  belief: HostBelief | undefined,
  seen: HostObservation,
  seed: number,
): number[] {
  const believed = new Set(belief?.services.map(endpointKey));
  const opened = seen.endpoints.filter(
    (endpoint) =>
      endpoint.state === 'open' &&
      endpoint.protocol === 'tcp' &&
      !believed.has(endpointKey(endpoint)),
  );
  const suspected = opened.length >= SUSPICIOUS_OPENINGS || belief?.answersEverything === true;
  if (!suspected || seen.status !== 'up') return [];
  const free = subtractPorts([[FIRST_PRIVATE_PORT, LAST_PORT]], seen.covered.tcp);
  const ports = [...listPorts(countPorts(free) > 0 ? free : [[FIRST_PRIVATE_PORT, LAST_PORT]])];
  const picked = Array.from(
    { length: PORTS_ASKED },
    (_, at) => ports[(seed + at * STRIDE) % ports.length] as number,
  );
  return [...new Set(picked)];
}

/** Decides by how many of the decoys were open. */
export function decideAnswersEverything(open: number): boolean {
  return open >= ENOUGH_OPEN;
}
