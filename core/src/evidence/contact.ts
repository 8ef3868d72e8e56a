import { covers, type EndpointKey, indexEndpoints } from '../snapshot/endpoint-index.ts';
import { listPorts } from '../snapshot/port-set.ts';
import type { HostObservation, PortState } from '../snapshot/snapshot.ts';

/**
 * A way in which a host answered, and by which it can be asked again: `icmp` (echo), `arp`, or one
 * of its endpoints (`tcp/22`), open or closed.
 */
export type Contact = 'icmp' | 'arp' | EndpointKey;

/** More ways than these add nothing: a host is up when one of them answers. */
const MOST_CONTACTS = 4;
const MOST_CLOSED = 2;

/** nmap's reasons (portreasons.cc) for a host that answered on its own network layer. */
const BY_REASON: Readonly<Record<string, Contact>> = {
  'echo-reply': 'icmp',
  'timestamp-reply': 'icmp',
  'arp-response': 'arp',
  'nd-response': 'arp',
};

/** Reads an endpoint contact; undefined for `icmp` and `arp`. */
export function endpointOf(
  contact: Contact,
): { protocol: 'tcp' | 'udp'; port: number } | undefined {
  const [protocol, port] = contact.split('/');
  if ((protocol !== 'tcp' && protocol !== 'udp') || port === undefined) return undefined;
  return { protocol, port: Number(port) };
}

/**
 * How a host that was seen up can be asked again, the surest way first: open endpoints, then the
 * way in which discovery found it, then closed ones. Known ways stay as they are while they answer,
 * so that an unchanged network changes nothing here; those that this look asked in vain are left out,
 * as their silence would be counted against a live host.
 */
export function decideContacts(
  known: readonly Contact[],
  seen: HostObservation,
): readonly Contact[] {
  const found = listContacts(seen);
  const left = known.filter((contact) => !isAskedInVain(contact, seen));
  if (left.length === known.length && known.length > 0)
    return known.some((contact) => isAnswered(contact, seen, found)) || found.length === 0
      ? known
      : found;
  const ways = [...new Set([...left, ...found])].slice(0, MOST_CONTACTS);
  return ways.length > 0 ? ways : known;
}

function isAnswered(contact: Contact, seen: HostObservation, found: readonly Contact[]): boolean {
  const endpoint = endpointOf(contact);
  if (!endpoint) return found.includes(contact);
  return covers(seen.covered, endpoint) && isAnswer(indexEndpoints(seen)(endpoint)?.state);
}

function isAskedInVain(contact: Contact, seen: HostObservation): boolean {
  const endpoint = endpointOf(contact);
  if (!endpoint || !covers(seen.covered, endpoint)) return false;
  return !isAnswer(indexEndpoints(seen)(endpoint)?.state);
}

function listContacts(seen: HostObservation): Contact[] {
  const own = BY_REASON[seen.reason];
  const contacts = [
    ...listOpen(seen),
    ...(own ? [own] : []),
    ...listClosed(seen).slice(0, MOST_CLOSED),
  ];
  return [...new Set(contacts)].slice(0, MOST_CONTACTS);
}

function listOpen({ endpoints }: HostObservation): Contact[] {
  return endpoints
    .filter(({ state, protocol }) => state === 'open' && protocol === 'tcp')
    .map(({ protocol, port }): Contact => `${protocol}/${port}`)
    .slice(0, MOST_CONTACTS - 1);
}

function listClosed({ endpoints, rest }: HostObservation): Contact[] {
  const named = endpoints.filter(({ state, protocol }) => state === 'closed' && protocol === 'tcp');
  const groups = rest.filter(({ state, protocol }) => state === 'closed' && protocol === 'tcp');
  return [
    ...named.map(({ port }): Contact => `tcp/${port}`),
    ...groups.flatMap(({ ports }) => firstPorts(ports)),
  ];
}

function firstPorts(ports: HostObservation['rest'][number]['ports']): Contact[] {
  const first: Contact[] = [];
  for (const port of listPorts(ports)) {
    if (first.length === MOST_CLOSED) break;
    first.push(`tcp/${port}`);
  }
  return first;
}

function isAnswer(state: PortState | undefined): boolean {
  return state === 'open' || state === 'closed';
}
