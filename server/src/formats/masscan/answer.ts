import type {
  EndpointObservation,
  PortState,
  Protocol,
  ServiceFacts,
} from '@netdelta/core/snapshot/snapshot.ts';
import { canonicalAddress } from '../address.ts';
import { UnreadableScan } from '../unreadable.ts';
import { detach } from '../xml/recollection.ts';
import { describeBanner } from './banner.ts';

/** One answer as masscan wrote it, in JSON or in a list. */
export interface RawAnswer {
  readonly address: unknown;
  readonly protocol: unknown;
  readonly port: unknown;
  /** `open` or `closed`; a banner has none. */
  readonly status?: unknown;
  readonly reason?: unknown;
  readonly banner?: { readonly kind: unknown; readonly text: unknown };
}

/** An answer that was read. No endpoint: the address answered by another protocol (ICMP, ARP). */
export interface Answer {
  readonly address: string;
  readonly endpoints: readonly EndpointObservation[];
}

/** Reads an answer, or throws an UnreadableScan that says what is wrong with it. */
export function readAnswer(raw: RawAnswer): Answer {
  const address = canonicalAddress(String(raw.address));
  if (address === null) throw new UnreadableScan(`${quote(raw.address)} is not an IP address`);
  const { protocol } = raw;
  if (protocol !== 'tcp' && protocol !== 'udp') return { address: detach(address), endpoints: [] };
  const port = /^\d{1,5}$/.test(String(raw.port)) ? Number(raw.port) : Number.NaN;
  if (!(port <= 65_535)) throw new UnreadableScan(`${quote(raw.port)} is not a port number`);
  const state = raw.banner ? 'open' : raw.status;
  if (state !== 'open' && state !== 'closed')
    throw new UnreadableScan(`${quote(raw.status)} is neither open nor closed`);
  const service = raw.banner && describeBanner(text(raw.banner.kind), text(raw.banner.text));
  const reason = decideReason(protocol, state, text(raw.reason));
  return {
    address: detach(address),
    endpoints: [{ protocol, port, state, reason, ...(service && { service: detachAll(service) }) }],
  };
}

/** nmap's words: masscan names the flags of the packet that came back, and in lists nothing. */
export function decideReason(protocol: Protocol, state: PortState, given: string): string {
  if (protocol === 'udp') return state === 'open' ? 'udp-response' : 'port-unreach';
  if (state === 'open') return given.startsWith('syn') || given === '' ? 'syn-ack' : detach(given);
  return 'reset';
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function quote(value: unknown): string {
  return JSON.stringify(value ?? null).slice(0, 60);
}

function detachAll(service: ServiceFacts): ServiceFacts {
  const { name, fingerprint } = service;
  return {
    ...service,
    ...(name && { name: detach(name) }),
    ...(fingerprint && { fingerprint: detach(fingerprint) }),
  };
}
