import { normalisePorts, type PortSet } from '@netdelta/core/snapshot/port-set.ts';
import type {
  EndpointGroup,
  EndpointObservation,
  HostObservation,
  PortState,
  ServiceFacts,
} from '@netdelta/core/snapshot/snapshot.ts';

/** Every state and reason that a connect can have; a port holds the index of its own. */
const KINDS = [
  ['silent', 'no-response'],
  ['open', 'syn-ack'],
  ['closed', 'conn-refused'],
  ['closed', 'reset'],
  ['filtered', 'host-unreach'],
  ['filtered', 'net-unreach'],
] as const satisfies readonly (readonly [PortState, string])[];

/** What is known of one address while it is asked: one byte a port. */
export interface HostTally {
  readonly address: string;
  readonly kinds: Uint8Array;
  readonly services: Map<number, ServiceFacts>;
  remaining: number;
  open: number;
  /** Some port answered, open or closed. */
  up: boolean;
  startedAt?: number;
  ended?: 'host-timeout' | 'engine-error';
  problem?: string;
}

export function createTally(address: string, ports: number): HostTally {
  return {
    address,
    kinds: new Uint8Array(65_536),
    services: new Map(),
    remaining: ports,
    open: 0,
    up: false,
  };
}

/** Notes what one port showed. */
export function countPort(
  tally: HostTally,
  port: number,
  seen: readonly [PortState, string],
): void {
  const [state, reason] = seen;
  const kind = KINDS.findIndex((known) => known[0] === state && known[1] === reason);
  tally.kinds[port] = Math.max(0, kind);
  tally.remaining -= 1;
  if (state === 'open') tally.open += 1;
  if (state === 'open' || state === 'closed') tally.up = true;
}

/** The observation of an address that was asked to its end. `listed`: its ports are covered, not only discovery. */
export function observeTally(
  tally: HostTally,
  asked: { ports: readonly number[]; covered: PortSet },
  names: readonly string[],
): HostObservation {
  const groups = groupByKind(tally, asked.ports);
  const listed = asked.covered.length > 0;
  const first = KINDS.find(([state], kind) => isAnswer(state) && groups[kind]?.length);
  const refused = KINDS.find(([state], kind) => state === 'filtered' && groups[kind]?.length);
  return {
    address: tally.address,
    status: tally.up ? 'up' : 'silent',
    reason: (first ?? refused)?.[1] ?? 'no-response',
    names,
    endpoints: listed ? observeOpen(tally, groups[1] ?? []) : [],
    rest: listed ? KINDS.flatMap((kind, index) => groupRest(kind, groups[index] ?? [])) : [],
    covered: { tcp: asked.covered, udp: [] },
  };
}

/** True when each of its ports was unreachable by this machine's own routes or a router's word. */
export function isUnreachable(tally: HostTally, ports: readonly number[]): boolean {
  return ports.every((port) => KINDS[tally.kinds[port] ?? 0]?.[1] === 'net-unreach');
}

function isAnswer(state: PortState): boolean {
  return state === 'open' || state === 'closed';
}

function groupByKind(tally: HostTally, ports: readonly number[]): number[][] {
  const groups: number[][] = KINDS.map(() => []);
  for (const port of ports) groups[tally.kinds[port] ?? 0]?.push(port);
  return groups;
}

function observeOpen(tally: HostTally, ports: readonly number[]): EndpointObservation[] {
  return [...ports]
    .sort((a, b) => a - b)
    .map((port) => {
      const service = tally.services.get(port);
      const endpoint = { protocol: 'tcp', port, state: 'open', reason: 'syn-ack' } as const;
      return service ? { ...endpoint, service } : endpoint;
    });
}

function groupRest(
  [state, reason]: readonly [PortState, string],
  ports: readonly number[],
): EndpointGroup[] {
  if (state === 'open' || ports.length === 0) return [];
  const set = normalisePorts(ports.map((port) => [port, port] as const));
  return [{ protocol: 'tcp', ports: set, state, reason }];
}
