import type { ProbeCount } from '@netdelta/core/evidence/loss.ts';
import { NO_PORTS, type PortSet, portSetOf } from '@netdelta/core/snapshot/port-set.ts';
import type {
  EndpointGroup,
  EndpointObservation,
  HostObservation,
  PortState,
  ServiceFacts,
} from '@netdelta/core/snapshot/snapshot.ts';
import type { RoundTrips } from '@netdelta/core/sweep/time-out.ts';

/** Every state and reason that a connect can have; a port holds the index of its own. */
const KINDS = [
  ['silent', 'no-response'],
  ['open', 'syn-ack'],
  ['closed', 'conn-refused'],
  ['closed', 'reset'],
  ['filtered', 'host-unreach'],
  ['filtered', 'net-unreach'],
] as const satisfies readonly (readonly [PortState, string])[];
const OPEN = 1;

/** What nmap's discovery knows of a host: how it answered, and who it is on this link. */
export type Presence = Pick<HostObservation, 'reason' | 'mac' | 'macVendor'>;

/** What is known of one address while it is asked: two bytes a port. */
export interface HostTally {
  readonly address: string;
  readonly kinds: Uint8Array;
  /** How often each port was asked. */
  readonly asks: Uint8Array;
  /** How many ports were asked. */
  asked: number;
  /** Ports that are asked again while they are silent: only those tell what is lost. */
  readonly swept: ReadonlySet<number>;
  /** AnswersByAttempt of the swept ports. */
  readonly answers: number[];
  readonly services: Map<number, ServiceFacts>;
  trips: RoundTrips | null;
  open: number;
  /** Some port answered, open or closed, or the host another question. */
  up: boolean;
  presence?: Presence;
  /** All that was to be asked was asked. */
  finished: boolean;
  startedAt?: number;
  ended?: 'host-timeout' | 'engine-error';
  problem?: string;
}

export function createTally(address: string, swept: ReadonlySet<number>): HostTally {
  return {
    address,
    kinds: new Uint8Array(65_536),
    asks: new Uint8Array(65_536),
    asked: 0,
    swept,
    answers: [],
    services: new Map(),
    trips: null,
    open: 0,
    up: false,
    finished: false,
  };
}

/** Notes what one port showed when it was asked once more. Its first answer counts. */
export function countPort(
  tally: HostTally,
  port: number,
  seen: readonly [PortState, string],
): void {
  if (!isSilent(tally, port)) return;
  const [state, reason] = seen;
  const attempt = (tally.asks[port] ?? 0) + 1;
  tally.asks[port] = attempt;
  if (attempt === 1) tally.asked += 1;
  if (tally.swept.has(port)) countAnswer(tally.answers, attempt, state !== 'silent');
  if (state === 'silent') return;
  const kind = KINDS.findIndex((known) => known[0] === state && known[1] === reason);
  tally.kinds[port] = Math.max(0, kind);
  if (state === 'open') tally.open += 1;
  if (state === 'open' || state === 'closed') tally.up = true;
}

function countAnswer(answers: number[], attempt: number, answered: boolean): void {
  while (answers.length < attempt) answers.push(0);
  if (answered) answers[attempt - 1] = (answers[attempt - 1] ?? 0) + 1;
}

/** What was lost on the way to the swept ports that answered in the end. */
export function countProbes({ answers }: HostTally): ProbeCount {
  return {
    answered: answers.reduce((sum, count) => sum + count, 0),
    unanswered: answers.reduce((sum, count, before) => sum + count * before, 0),
  };
}

/**
 * The same of the open ports alone, for a host that limits how often it refuses: what it does not
 * refuse was not lost, and its open ports answer whenever they are asked.
 */
export function countOpenProbes(host: HostTally, ports: readonly number[]): ProbeCount {
  const open = listOpen(host, ports);
  const asked = open.reduce((sum, port) => sum + (host.asks[port] ?? 0), 0);
  return { answered: open.length, unanswered: Math.max(0, asked - open.length) };
}

/** True while a port has not answered. */
export function isSilent({ kinds }: HostTally, port: number): boolean {
  return kinds[port] === 0;
}

/** Every open port among these, ascending. */
export function listOpen({ kinds }: HostTally, ports: readonly number[]): number[] {
  return ports.filter((port) => kinds[port] === OPEN).sort((a, b) => a - b);
}

/**
 * The observation of an address that was asked to its end. Of one that is not up, only what
 * discovery asked is covered. `covered` is empty where only discovery was wanted.
 */
export function observeTally(
  tally: HostTally,
  asked: { ports: readonly number[]; covered: PortSet },
  names: readonly string[],
): HostObservation {
  const listed = asked.covered.length > 0;
  const ports = asked.ports.filter((port) => (tally.asks[port] ?? 0) > 0);
  const groups = groupByKind(tally, ports);
  const { mac, macVendor } = tally.presence ?? {};
  return {
    address: tally.address,
    status: tally.up ? 'up' : 'silent',
    reason: decideReason(tally, groups),
    names,
    ...(mac && { mac }),
    ...(macVendor && { macVendor }),
    endpoints: listed ? observeOpen(tally, listOpen(tally, ports)) : [],
    rest: listed ? KINDS.flatMap((kind, index) => groupRest(kind, groups[index] ?? [])) : [],
    covered: { tcp: listed ? portSetOf(ports) : NO_PORTS, udp: NO_PORTS },
  };
}

function decideReason(tally: HostTally, groups: readonly (readonly number[])[]): string {
  const first = KINDS.find(([state], kind) => isAnswer(state) && groups[kind]?.length);
  const refused = KINDS.find(([state], kind) => state === 'filtered' && groups[kind]?.length);
  return first?.[1] ?? tally.presence?.reason ?? refused?.[1] ?? 'no-response';
}

/** True when each port that was asked was unreachable by this machine's own routes or a router's word. */
export function isUnreachable({ asks, kinds }: HostTally): boolean {
  const asked = [...asks.keys()].filter((port) => asks[port]);
  return asked.length > 0 && asked.every((port) => KINDS[kinds[port] ?? 0]?.[1] === 'net-unreach');
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
  return ports.map((port) => {
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
  return [{ protocol: 'tcp', ports: portSetOf(ports), state, reason }];
}
