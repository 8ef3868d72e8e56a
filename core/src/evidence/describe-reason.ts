import { type Contact, endpointOf } from './contact.ts';

/** In words, and the sign by which people look it up. */
type Reason = readonly [words: string, sign?: string];

/** nmap's reasons (portreasons.cc), those of the built-in prober, and our own. */
const REASONS: Readonly<Record<string, Reason>> = {
  'syn-ack': ['it accepted the connection', 'SYN-ACK'],
  reset: ['it refused the connection', 'RST'],
  'conn-refused': ['it refused the connection', 'RST'],
  'no-response': ['nothing answered'],
  'echo-reply': ['it answered a ping', 'ICMP echo reply'],
  'timestamp-reply': ['it answered an ICMP timestamp request'],
  'arp-response': ['it answered', 'ARP'],
  'nd-response': ['it answered', 'neighbour discovery'],
  'localhost-response': ['it is an address of this machine'],
  'admin-prohibited': ['a filter on the way refused', 'ICMP prohibited'],
  'host-prohibited': ['a filter on the way refused', 'ICMP host prohibited'],
  'net-prohibited': ['a filter on the way refused', 'ICMP network prohibited'],
  'host-unreach': ['a router called it unreachable', 'ICMP host unreachable'],
  'net-unreach': ['a router called its network unreachable', 'ICMP network unreachable'],
  'port-unreach': ['it called the port unreachable', 'ICMP port unreachable'],
  'proto-unreach': ['it called the protocol unreachable', 'ICMP protocol unreachable'],
  'udp-response': ['it answered over UDP'],
  'changes-often': ['it changes often'],
  steady: ['it has stopped changing'],
  'address-taken': ['another host has its address'],
  person: ['a person edited the targets'],
};

/** Puts an engine's reason into words, with its sign: `it refused the connection (RST)`. Unknown ones stay as they are. */
export function describeReason(reason: string): string {
  const [words = reason, sign] = REASONS[reason] ?? [];
  return sign ? `${words} (${sign})` : words;
}

/** The sign of an answer alone: `RST`; the reason itself where it has none. */
export function signOf(reason: string): string {
  return REASONS[reason]?.[1] ?? reason;
}

const CONTACTS: Readonly<Record<string, string>> = { icmp: 'ping (ICMP echo)', arp: 'ARP' };

/** Puts a way of asking into words: `ping (ICMP echo)`, `TCP connect to port 22`, `UDP to port 53`. */
export function describeContact(contact: Contact): string {
  const endpoint = endpointOf(contact);
  if (!endpoint) return CONTACTS[contact] ?? contact;
  return `${endpoint.protocol === 'tcp' ? 'TCP connect' : 'UDP'} to port ${endpoint.port}`;
}
