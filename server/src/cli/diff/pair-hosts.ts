import { compareListings, type HostDifference } from '@netdelta/core/compare/compare-listings.ts';
import { addressOf } from '@netdelta/core/compare/listed-deltas.ts';
import { byText, type HostListing, keyOf } from '@netdelta/core/compare/listing.ts';

/** How pairs are compared and what is kept of them. */
export interface Telling<Told> {
  /** What did not change is told as well. */
  readonly complete: boolean;
  /**
   * What there is to tell of a host; null: nothing. `renamed`: only one file lists it, and the other
   * lists its address by another name. The difference is gone afterwards.
   */
  readonly tell: (difference: HostDifference, renamed: boolean) => Told | null;
}

/** Takes the hosts of two files as they come, and keeps only what is to be told. */
export interface Pairing<Told> {
  readonly take: (side: Side, host: HostListing) => void;
  /** Whether a host with this address is still without its counterpart. */
  readonly waitsFor: (address: string) => boolean;
  /** All that there is to tell, in the order in which hosts are told. */
  readonly end: () => readonly Told[];
}

export type Side = 0 | 1;

/**
 * Pairs the hosts of two files by their keys, the first with the first where a file lists one
 * several times. In files of the same order each host meets its own at once, and memory holds what
 * is told alone.
 */
export function createPairing<Told>({ complete, tell }: Telling<Told>): Pairing<Told> {
  const waiting = [createWaiting(), createWaiting()] as const;
  const kept: { readonly key: string; readonly told: Told }[] = [];
  let nameless = 0;
  const keep = (
    key: string,
    [before, after]: readonly [HostListing | null, HostListing | null],
    renamed = false,
  ) => {
    const told = tell(compareListings(before, after, complete), renamed);
    if (told !== null) kept.push({ key, told });
  };
  return {
    take: (side, host) => {
      const key = keyOf(host) ?? `\uffff${nameless++}`;
      const other = waiting[side === 0 ? 1 : 0].takeFirst(key);
      if (other) keep(key, side === 0 ? [host, other] : [other, host]);
      else waiting[side].add(key, host);
    },
    waitsFor: (address) => waiting.some(({ addresses }) => addresses.has(address)),
    end: () => {
      const [before, after] = waiting;
      for (const [key, host] of before.list())
        keep(key, [host, null], after.addresses.has(addressOf(host)));
      for (const [key, host] of after.list())
        keep(key, [null, host], before.addresses.has(addressOf(host)));
      return kept.sort((one, other) => byText(one.key, other.key)).map(({ told }) => told);
    },
  };
}

/** The hosts of one file that the other has not listed yet. */
function createWaiting() {
  const hosts = new Map<string, HostListing[]>();
  /** How many of them have an address. */
  const addresses = new Map<string, number>();
  const count = (host: HostListing, more: 1 | -1) => {
    const address = addressOf(host);
    const left = (addresses.get(address) ?? 0) + more;
    if (left > 0) addresses.set(address, left);
    else addresses.delete(address);
  };
  return {
    addresses,
    add: (key: string, host: HostListing) => {
      const own = hosts.get(key);
      if (own) own.push(host);
      else hosts.set(key, [host]);
      count(host, 1);
    },
    takeFirst: (key: string): HostListing | undefined => {
      const own = hosts.get(key);
      const first = own?.shift();
      if (own?.length === 0) hosts.delete(key);
      if (first) count(first, -1);
      return first;
    },
    *list(): Generator<[string, HostListing]> {
      for (const [key, own] of hosts) for (const host of own) yield [key, host];
    },
  };
}
