import type { ScriptOutput } from '../snapshot/snapshot.ts';

/** The addresses of a host as files name them, in the order in which they are shown. */
export const ADDRESS_TYPES = ['ipv4', 'ipv6', 'mac'] as const;
export type AddressType = (typeof ADDRESS_TYPES)[number];

export interface ListedAddress {
  readonly type: AddressType;
  readonly address: string;
}

/** What a file says of the service of a port, word for word. */
export interface ListedService {
  readonly name?: string | undefined;
  readonly product?: string | undefined;
  readonly version?: string | undefined;
  readonly extraInfo?: string | undefined;
  readonly tunnel?: string | undefined;
}

/** A port that a file lists by itself. */
export interface ListedPort {
  readonly port: number;
  /** `tcp`, `udp`, `sctp`, `ip`. */
  readonly protocol: string;
  /** nmap's word (`open`, `closed`, `open|filtered` …); null: the file does not list it. */
  readonly state: string | null;
  readonly service: ListedService;
  /** In the order of their names. */
  readonly scripts: readonly ScriptOutput[];
}

/**
 * What a file lists of a host, as it stands there: what it *means* is an observation (snapshot).
 * Two listings are compared as files; two observations as looks at a network.
 */
export interface HostListing {
  /** `up`, `down`, `unknown`; null: the file does not list it. */
  readonly state: string | null;
  readonly addresses: readonly ListedAddress[];
  readonly names: readonly string[];
  /** In the order of port and protocol; each once. */
  readonly ports: readonly ListedPort[];
  /** How many ports are not shown, by their state (nmap's `extraports`). */
  readonly rest: ReadonlyMap<string, number>;
  /** The names of the operating systems that match, the best one first. */
  readonly os: readonly string[];
  /** In the order of their names. */
  readonly scripts: readonly ScriptOutput[];
}

/** What a file says of its scan. Times are seconds since 1970. */
export interface ScanHeading {
  readonly scanner: string | null;
  readonly version: string | null;
  readonly args: string | null;
  readonly start: number | null;
  readonly end: number | null;
  readonly before: readonly ScriptOutput[];
  readonly after: readonly ScriptOutput[];
}

/** A host that a file does not list. */
export const UNLISTED: HostListing = {
  state: null,
  addresses: [],
  names: [],
  ports: [],
  rest: new Map(),
  os: [],
  scripts: [],
};

/** A port that a file does not list by itself. */
export function unlistedPort({ port, protocol }: ListedPort): ListedPort {
  return { port, protocol, state: null, service: {}, scripts: [] };
}

const KEY_WIDTH = 40;

/**
 * By what a host is known in two files, as ndiff knows it: its first address and its first name.
 * Keys sort in the order in which hosts are told. Null: it has neither.
 */
export function keyOf({ addresses, names }: Pick<HostListing, 'addresses' | 'names'>) {
  const address = firstOf(addresses, byAddress)?.address;
  const name = firstOf(names, byText);
  if (address === undefined && name === undefined) return null;
  return (address ?? '').padEnd(KEY_WIDTH) + (name ?? '');
}

/** The first in an order; of one, or none, without sorting. */
export function firstOf<Item>(
  items: readonly Item[],
  order: (one: Item, other: Item) => number,
): Item | undefined {
  return items.length > 1 ? [...items].sort(order)[0] : items[0];
}

/** IPv4 before IPv6 before MAC; within each as texts. */
export function byAddress(one: ListedAddress, other: ListedAddress): number {
  const types = ADDRESS_TYPES.indexOf(one.type) - ADDRESS_TYPES.indexOf(other.type);
  return types || byText(one.address, other.address);
}

/** The order of texts by their code units, the same everywhere. */
export function byText(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

/** The order of ports: by number, then by protocol. */
export function byPort(one: ListedPort, other: ListedPort): number {
  return one.port - other.port || byText(one.protocol, other.protocol);
}

/** The order of scripts: by name, then by what they said. */
export function byScript(one: ScriptOutput, other: ScriptOutput): number {
  return byText(one.id, other.id) || byText(one.output, other.output);
}
