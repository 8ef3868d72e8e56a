import { portSetOf } from '@netdelta/core/snapshot/port-set.ts';
import type {
  EndpointObservation,
  HostObservation,
  PortCoverage,
  Protocol,
  ServiceFacts,
} from '@netdelta/core/snapshot/snapshot.ts';
import type { HostOutcome } from '../nmap/host-outcome.ts';
import { UnreadableScan } from '../unreadable.ts';

/** The hosts of a masscan, each put together from what was said of it anywhere in the file. */
export interface HostCollection {
  /** `endpoints`: any of them; none means that the address answered at all (ICMP, ARP). */
  readonly add: (address: string, endpoints: readonly EndpointObservation[]) => void;
  /** Tells each host, in the order in which they first occurred, and forgets them. */
  readonly deliver: (onHost: (outcome: HostOutcome) => void) => void;
}

/** At any of these bounds some 500 MB are taken. */
const MOST_HOSTS = 4_194_304;
const MOST_ANSWERS = 33_554_432;
const MOST_DIFFERENT = 1_048_576;

/**
 * Collects hosts until the end, because masscan lists answers as they come, an address again and
 * again. Takes about 110 bytes a host, 8 to 16 an answer, and 500 an answer that differs from all
 * others (of another port, or with another banner). Throws when there are too many.
 *
 * masscan writes down what answered and nothing of what it asked. So a host's coverage is what is
 * listed of it, and no more: that nothing else was said of a port never means that it is closed.
 * The last word on an endpoint counts; a banner says that it is open.
 */
export function createHostCollection(): HostCollection {
  const hosts = new Map<string, number>();
  const answers = createAnswers();
  return {
    add: (address, endpoints) => {
      let last = hosts.get(address) ?? answers.NONE;
      if (last === answers.NONE && hosts.size >= MOST_HOSTS) refuse(MOST_HOSTS, 'hosts');
      for (const endpoint of endpoints) last = answers.add(endpoint, last);
      hosts.set(address, last);
    },
    deliver: (onHost) => {
      for (const [address, last] of hosts)
        onHost({ kind: 'seen', host: buildHost(address, answers.list(last)) });
      hosts.clear();
    },
  };
}

/** Answers in columns: each has the number of the one before it of the same host. */
function createAnswers() {
  const NONE = -1;
  const kinds: EndpointObservation[] = [];
  const known = new Map<string, number>();
  let before = new Int32Array(1_024);
  let kind = new Int32Array(1_024);
  let count = 0;
  const intern = (endpoint: EndpointObservation): number => {
    const { protocol, port, state, reason, service } = endpoint;
    const { name = '', tunnel = '', fingerprint = '' } = service ?? {};
    const key = [protocol, port, state, reason, name, tunnel, fingerprint].join('\0');
    const found = known.get(key);
    if (found !== undefined) return found;
    if (kinds.length >= MOST_DIFFERENT) refuse(MOST_DIFFERENT, 'different answers');
    known.set(key, kinds.length);
    return kinds.push(endpoint) - 1;
  };
  return {
    NONE,
    add: (endpoint: EndpointObservation, last: number): number => {
      if (count >= MOST_ANSWERS) refuse(MOST_ANSWERS, 'answers');
      if (count === before.length) {
        before = grow(before);
        kind = grow(kind);
      }
      before[count] = last;
      kind[count] = intern(endpoint);
      count += 1;
      return count - 1;
    },
    /** From the first to the last. */
    list: (last: number): EndpointObservation[] => {
      const all: EndpointObservation[] = [];
      for (let at = last; at !== NONE; at = before[at] ?? NONE) {
        const endpoint = kinds[kind[at] ?? NONE];
        if (endpoint) all.push(endpoint);
      }
      return all.reverse();
    },
  };
}

function grow(column: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(column.length * 2);
  larger.set(column);
  return larger;
}

function refuse(most: number, what: string): never {
  throw new UnreadableScan(
    `more than ${most.toLocaleString('en')} ${what}: split the file by networks and read the parts`,
  );
}

function buildHost(address: string, answers: readonly EndpointObservation[]): HostObservation {
  const endpoints = mergeAnswers(answers);
  const positive = endpoints.find(({ state }) => state === 'open') ?? endpoints[0];
  return {
    address,
    status: 'up',
    reason: positive?.reason ?? 'unknown-response',
    names: [],
    endpoints,
    rest: [],
    covered: coverListed(endpoints),
  };
}

function mergeAnswers(answers: readonly EndpointObservation[]): EndpointObservation[] {
  const merged = new Map<string, EndpointObservation>();
  for (const answer of answers) {
    const key = `${answer.protocol}/${answer.port}`;
    const earlier = merged.get(key);
    merged.set(key, earlier ? mergeTwo(earlier, answer) : answer);
  }
  return [...merged.values()].sort(
    (one, other) => one.protocol.localeCompare(other.protocol) || one.port - other.port,
  );
}

function mergeTwo(earlier: EndpointObservation, later: EndpointObservation): EndpointObservation {
  if (later.state !== 'open' || earlier.state !== 'open') return later;
  const service = mergeServices(earlier.service, later.service);
  return { ...earlier, ...(service && { service }) };
}

/** A port gives several banners: the first that names a protocol counts, TLS around it as well. */
function mergeServices(
  one: ServiceFacts | undefined,
  other: ServiceFacts | undefined,
): ServiceFacts | undefined {
  return one && other ? { ...other, ...one } : (one ?? other);
}

function coverListed(endpoints: readonly EndpointObservation[]): PortCoverage {
  const listed = (protocol: Protocol) =>
    portSetOf(endpoints.filter((one) => one.protocol === protocol).map(({ port }) => port));
  return { tcp: listed('tcp'), udp: listed('udp') };
}
