import {
  endpointOf,
  type Network,
  type PlaygroundService,
  SLOT_NAMES,
  SLOTS,
  type SlotName,
  type SlotPorts,
} from './network.ts';
import { findProduct } from './products.ts';
import { pick, type Random } from './random.ts';

/** One true change of the practice network. */
export type Change =
  | { readonly kind: 'open'; readonly after: PlaygroundService }
  | { readonly kind: 'close'; readonly before: PlaygroundService }
  | {
      readonly kind: 'version';
      readonly before: PlaygroundService;
      readonly after: PlaygroundService;
    };

type Decide = (network: Network, ports: SlotPorts, random: Random) => Change | undefined;

/** How often each kind of change is tried; a new version is what happens most in real networks. */
const CHOICES: readonly Decide[] = [
  decideVersion,
  decideVersion,
  decideOpening,
  decideClosing,
  decideShell,
];

/** Decides what changes next: the same network, ports and numbers always give the same change. */
export function decideChange(network: Network, ports: SlotPorts, random: Random): Change {
  const decide = pick(CHOICES, random) ?? decideVersion;
  const change =
    decide(network, ports, random) ??
    decideOpening(network, ports, random) ??
    decideClosing(network, ports, random);
  if (!change) throw new Error('a practice network in which nothing can change');
  return change;
}

/** The network after a change. */
export function applyChange(network: Network, change: Change): Network {
  const after = new Map(network);
  if (change.kind === 'close') after.delete(endpointOf(change.before));
  else after.set(endpointOf(change.after), change.after);
  return after;
}

/** Says a change as NetDelta should tell it after the next scan. */
export function describeChange(change: Change): string {
  switch (change.kind) {
    case 'open':
      return `${where(change.after)} opened: ${what(change.after)}`;
    case 'close':
      return `${where(change.before)} closed: ${what(change.before)}`;
    case 'version':
      return `${where(change.after)} changed from ${what(change.before)} to ${what(change.after)}`;
  }
}

function where({ address, port }: PlaygroundService): string {
  return `${address} tcp/${port}`;
}

function what({ product, version }: PlaygroundService): string {
  return product === 'shell'
    ? findProduct(product).title
    : `${findProduct(product).title} ${version}`;
}

function decideVersion(network: Network, _ports: SlotPorts, random: Random): Change | undefined {
  const before = pick(
    [...network.values()].filter(({ product }) => findProduct(product).versions.length > 1),
    random,
  );
  if (!before) return undefined;
  const { versions } = findProduct(before.product);
  const version = versions[(versions.indexOf(before.version) + 1) % versions.length];
  return version ? { kind: 'version', before, after: { ...before, version } } : undefined;
}

function decideOpening(network: Network, ports: SlotPorts, random: Random): Change | undefined {
  const slots = SLOT_NAMES.filter((slot) => slot !== 'shell');
  return openOneOf(freePlaces(network, ports, slots), ports, random);
}

/** The one that matters: a shell on a high port. */
function decideShell(network: Network, ports: SlotPorts, random: Random): Change | undefined {
  return openOneOf(freePlaces(network, ports, ['shell']), ports, random);
}

interface Place {
  readonly address: string;
  readonly slot: SlotName;
}

function freePlaces(network: Network, ports: SlotPorts, slots: readonly SlotName[]): Place[] {
  const addresses = new Set([...network.values()].map(({ address }) => address));
  return [...addresses]
    .flatMap((address) => slots.map((slot) => ({ address, slot })))
    .filter(({ address, slot }) => !network.has(endpointOf({ address, port: ports[slot] })));
}

function openOneOf(places: Place[], ports: SlotPorts, random: Random): Change | undefined {
  const place = pick(places, random);
  if (!place) return undefined;
  const product = pick(SLOTS[place.slot].products, random) ?? SLOTS[place.slot].products[0];
  const { versions } = findProduct(product);
  const version = pick(versions, random) ?? versions[0];
  return { kind: 'open', after: { ...place, port: ports[place.slot], product, version } };
}

/** A host keeps its last service: an address that answers on no port teaches nobody anything. */
function decideClosing(network: Network, _ports: SlotPorts, random: Random): Change | undefined {
  const services = [...network.values()];
  const counts = new Map<string, number>();
  for (const { address } of services) counts.set(address, (counts.get(address) ?? 0) + 1);
  const before = pick(
    services.filter(({ address }) => (counts.get(address) ?? 0) > 1),
    random,
  );
  return before && { kind: 'close', before };
}
