import { createRandom, pick, type Random } from '../../server/src/playground/random.ts';
import { chooseSpeech, SERVICE_PORTS } from './ports.ts';
import type { HostKind, TrueHost, Truth } from './truth.ts';

/** How many hosts of each kind one subnet has; what is left of its 32 addresses is not there. */
export type Mix = Readonly<Partial<Record<HostKind, number>>>;

export interface HostsPlan {
  /** The third number of the addresses: 1 is 10.77.1.0/24. */
  readonly subnets: readonly number[];
  readonly mix: Mix;
  /** Namespaces on the scanner's own segment, 0–20. */
  readonly leaves: number;
  readonly seed: number;
}

const ADDRESSES_OF_SUBNET = 32;

/** 26 of 32 addresses up: with two subnets 52 hosts of all kinds, and 12 addresses that nobody has. */
export const USUAL_MIX: Mix = { rejecting: 13, speaking: 4, filtering: 6, limited: 2, pingOnly: 1 };

const MOST_LEAVES = 20;

/** All addresses that a scan of the routed subnets asks, whether or not a host is there. */
export function listAddresses(subnets: readonly number[]): string[] {
  return subnets.flatMap((subnet) =>
    Array.from({ length: ADDRESSES_OF_SUBNET }, (_, n) => `10.77.${subnet}.${n + 1}`),
  );
}

/** Whether an address lies behind the path, where any host can be; leaves alone are elsewhere. */
export function isRouted(address: string): boolean {
  return address.startsWith('10.77.');
}

/** The addresses that a leaf may have, free ones among them so that it can move: 10.79.0.11 and on. */
export function listLeafAddresses(leaves: number): string[] {
  return Array.from({ length: leaves * 2 }, (_, n) => `10.79.0.${n + 11}`);
}

/** Makes the hosts that there are at the beginning; the same plan always makes the same ones. */
export function buildHosts({ subnets, mix, leaves, seed }: HostsPlan): Truth {
  if (leaves > MOST_LEAVES) throw new RangeError(`${leaves} leaves; the most is ${MOST_LEAVES}`);
  const random = createRandom(seed);
  const kinds = Object.entries(mix).flatMap(([kind, count = 0]) =>
    Array<HostKind>(count).fill(kind as HostKind),
  );
  if (kinds.length > ADDRESSES_OF_SUBNET)
    throw new RangeError(`${kinds.length} hosts in a subnet of ${ADDRESSES_OF_SUBNET}`);
  const routed = subnets.flatMap((subnet) => {
    const addresses = listAddresses([subnet]);
    return kinds.map((kind, n) => buildHost({ address: addresses[n] ?? '', kind }, random));
  });
  const own = listLeafAddresses(leaves)
    .slice(0, leaves)
    .map((address, n) => ({ ...buildHost({ address, kind: 'speaking' }, random), leaf: leaf(n) }));
  return new Map([...routed, ...own].map((host) => [host.address, host]));
}

/** A host that is up, with two to six services where its kind has any. */
export function buildHost(
  { address, kind }: Pick<TrueHost, 'address' | 'kind'>,
  random: Random,
): TrueHost {
  const count = kind === 'pingOnly' || kind === 'tarpit' ? 0 : 2 + Math.floor(random() * 5);
  const ports = new Set<number>();
  while (ports.size < count) ports.add(pick(SERVICE_PORTS, random) ?? 80);
  const services = new Map(
    [...ports].map((port) => [port, kind === 'speaking' ? chooseSpeech(port, random) : null]),
  );
  return { address, name: nameOf(address), kind, up: true, services, silent: new Set() };
}

function nameOf(address: string): string {
  return `host-${address.split('.').slice(1).join('-')}.lab.example`;
}

function leaf(n: number) {
  return { name: `leaf${n + 1}`, mac: `02:4e:44:00:00:${(n + 1).toString(16).padStart(2, '0')}` };
}
