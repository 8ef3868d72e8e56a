import { isSameService } from '../compare/service-facts.ts';
import type { HostBelief, ServiceBelief } from '../host/belief.ts';
import { type EndpointKey, endpointKey, indexEndpoints } from '../snapshot/endpoint-index.ts';
import type { HostObservation, ServiceFacts } from '../snapshot/snapshot.ts';
import type { Contact } from './contact.ts';
import { PRIOR } from './likelihood.ts';

/**
 * What is doubted: that a host is gone (`host`), that an open endpoint is (`silent`), was closed by
 * a refusal (`refused`: RST) or on the way (`blocked`: ICMP), or that another service listens there
 * (`replaced`).
 */
export const DOUBT_KINDS = ['host', 'silent', 'refused', 'blocked', 'replaced'] as const;
export type DoubtKind = (typeof DOUBT_KINDS)[number];

/** A weak observation that contradicts a belief, and how to ask again. */
export interface Doubt {
  readonly kind: DoubtKind;
  readonly address: string;
  /** The endpoint in doubt; absent when the whole host is. */
  readonly endpoint?: EndpointKey;
  /** Ways to ask, each of which answered before; asked in turn. Empty: it cannot be asked. */
  readonly ask: readonly Contact[];
  /** The probability 0–1 that the change is real, before any probe. */
  readonly prior: number;
  /** What was believed to listen, for `replaced`. */
  readonly believed?: ServiceFacts;
}

/** The identity of what is in doubt, within one shard. */
export function doubtKey({ address, endpoint }: Pick<Doubt, 'address' | 'endpoint'>): string {
  return endpoint ? `${address} ${endpoint}` : address;
}

const LIVE: ReadonlySet<HostBelief['status']> = new Set([
  'NEW',
  'UP',
  'CHANGED',
  'MISSED',
  'RETURNED',
]);

/** True for a host that is believed to be up. */
export function isBelievedUp(belief: HostBelief | undefined): belief is HostBelief {
  return belief !== undefined && LIVE.has(belief.status);
}

/**
 * Lists what a sweep saw of one host that contradicts the belief and is too weak to stand: silence
 * of what answered, a refusal where something listened, another product. Openings (SYN-ACK) are
 * never doubted. A host that is silent is one doubt, whatever it offered.
 */
export function listDoubts(belief: HostBelief | undefined, seen: HostObservation): Doubt[] {
  if (!isBelievedUp(belief)) return [];
  if (seen.status === 'silent') return [doubtHost(belief)];
  const stateOf = indexEndpoints(seen);
  return belief.services.flatMap((service) => {
    const state = stateOf(service);
    return state ? doubtService(belief.address, service, state) : [];
  });
}

function doubtHost(belief: HostBelief): Doubt {
  const { address, contacts, silence } = belief;
  return { kind: 'host', address, ask: contacts, prior: silence?.likelihood ?? PRIOR };
}

/**
 * A UDP service that answered version detection need not answer a plain packet: it is not asked
 * again, as its silence would prove nothing.
 */
function waysToAsk(service: ServiceBelief): Contact[] {
  const bySpeaking = service.protocol === 'udp' && service.service?.method === 'probed';
  return bySpeaking ? [] : [endpointKey(service)];
}

function doubtService(
  address: string,
  before: ServiceBelief,
  seen: { state: string; service?: ServiceFacts },
): Doubt[] {
  const endpoint = endpointKey(before);
  const doubt = {
    address,
    endpoint,
    ask: waysToAsk(before),
    prior: before.silence?.likelihood ?? PRIOR,
  };
  if (seen.state === 'silent') return [{ ...doubt, kind: 'silent' }];
  if (seen.state === 'closed') return [{ ...doubt, kind: 'refused' }];
  if (seen.state === 'filtered') return [{ ...doubt, kind: 'blocked' }];
  // Only TCP services can be identified a second time: what a UDP service says stands.
  if (before.protocol === 'udp') return [];
  if (!seen.service || isSameService(before.service, seen.service)) return [];
  return [{ ...doubt, kind: 'replaced', ...(before.service && { believed: before.service }) }];
}
