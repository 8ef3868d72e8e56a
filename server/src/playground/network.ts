import { PRODUCTS, type ProductName } from './products.ts';

/** A place for a service on every host. */
export type SlotName = 'ssh' | 'ftp' | 'smtp' | 'http' | 'http-alt' | 'dev' | 'metrics' | 'shell';

/** `ports`: the well-known one, then one that needs no privilege. All are in nmap's top 1,000. */
interface Slot {
  readonly ports: readonly [preferred: number, fallback: number];
  readonly products: readonly [ProductName, ...ProductName[]];
}

export const SLOTS: Readonly<Record<SlotName, Slot>> = {
  ssh: { ports: [22, 2222], products: ['openssh', 'dropbear'] },
  ftp: { ports: [21, 2121], products: ['vsftpd', 'proftpd'] },
  smtp: { ports: [25, 2525], products: ['exim'] },
  http: { ports: [80, 8080], products: ['nginx', 'apache'] },
  'http-alt': { ports: [8000, 8000], products: ['apache', 'nginx'] },
  dev: { ports: [3000, 3000], products: ['nginx'] },
  metrics: { ports: [9090, 9090], products: ['nginx'] },
  shell: { ports: [31_337, 31_337], products: ['shell'] },
};
export const SLOT_NAMES = Object.keys(SLOTS) as SlotName[];

/** Which port each slot has in this run. */
export type SlotPorts = Readonly<Record<SlotName, number>>;

export interface PlaygroundService {
  readonly address: string;
  readonly slot: SlotName;
  readonly port: number;
  readonly product: ProductName;
  readonly version: string;
}

/** What listens now, by `address:port`. */
export type Network = ReadonlyMap<string, PlaygroundService>;

/** What stands on 127.0.1.1 to 127.0.1.20 at the beginning, host by host. */
const HOSTS: readonly (readonly SlotName[])[] = [
  ['ssh', 'http'],
  ['ssh', 'http', 'http-alt'],
  ['ssh', 'smtp'],
  ['ssh', 'ftp'],
  ['ssh', 'http', 'metrics'],
  ['ssh', 'dev'],
  ['http'],
  ['ssh', 'http', 'smtp', 'ftp'],
  ['ssh'],
  ['ssh', 'http-alt', 'metrics'],
  ['ftp', 'http'],
  ['ssh', 'http'],
  ['ssh', 'smtp', 'http'],
  ['http', 'http-alt'],
  ['ssh', 'dev', 'metrics'],
  ['ssh', 'http'],
  ['ftp'],
  ['ssh', 'http-alt'],
  ['ssh', 'http', 'dev'],
  ['smtp'],
];

/** The first three numbers of the addresses; Debian's own host name lies on 127.0.1.1, too. */
export const PLAYGROUND_PREFIX = '127.0.1';

/** What to type to scan it all: `127.0.1.1-20`. */
export function playgroundTargets(prefix: string): string {
  return `${prefix}.1-${HOSTS.length}`;
}

/** The practice network at its beginning: always the same for the same ports. */
export function buildNetwork(ports: SlotPorts, prefix = PLAYGROUND_PREFIX): Network {
  const services = HOSTS.flatMap((slots, host) =>
    slots.map((slot) => ({
      address: `${prefix}.${host + 1}`,
      slot,
      port: ports[slot],
      ...versionOf(slot, host),
    })),
  );
  return new Map(services.map((service) => [endpointOf(service), service]));
}

/** The identity of a service: `127.0.1.4:22`. */
export function endpointOf({ address, port }: { address: string; port: number }): string {
  return `${address}:${port}`;
}

function versionOf(slot: SlotName, host: number): { product: ProductName; version: string } {
  const { products } = SLOTS[slot];
  const product = products[host % products.length] ?? products[0];
  const { versions } = PRODUCTS[product];
  return { product, version: versions[host % versions.length] ?? versions[0] };
}
