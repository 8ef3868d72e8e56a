import { compareListings, type HostDifference } from '@netdelta/core/compare/compare-listings.ts';
import { addressOf } from '@netdelta/core/compare/listed-deltas.ts';
import { byText, type HostListing, keyOf } from '@netdelta/core/compare/listing.ts';

/** A host that differs, or that only one file lists. */
export interface HostPair {
  readonly difference: HostDifference;
  /** The other file lists its address by another name. */
  readonly renamed: boolean;
}

/** Takes the hosts of two files as they come, and keeps only what differs. */
export interface Pairing {
  readonly take: (side: Side, host: HostListing) => void;
  /** Whether a host with this address is still without its counterpart. */
  readonly waitsFor: (address: string) => boolean;
  /** All that differs, in the order in which hosts are told; with `complete` all hosts. */
  readonly end: () => readonly HostPair[];
}

export type Side = 0 | 1;

interface Keyed {
  readonly key: string;
  readonly difference: HostDifference;
}

/**
 * Pairs the hosts of two files by their keys, the first with the first where a file lists one
 * several times. In files of the same order each host meets its own at once, and memory holds what
 * differs alone.
 */
export function createPairing(complete: boolean): Pairing {
  const waiting = [new Map<string, HostListing[]>(), new Map<string, HostListing[]>()] as const;
  const kept: Keyed[] = [];
  const addresses = new Map<string, number>();
  let nameless = 0;
  const count = (host: HostListing, more: 1 | -1) => {
    const address = host.addresses[0]?.address ?? '';
    const left = (addresses.get(address) ?? 0) + more;
    if (left > 0) addresses.set(address, left);
    else addresses.delete(address);
  };
  const compare = (key: string, before: HostListing | null, after: HostListing | null) => {
    const difference = compareListings(before, after, complete);
    if (complete || difference.changes > 0) kept.push({ key, difference });
  };
  return {
    take: (side, host) => {
      const key = keyOf(host) ?? `\uffff${nameless++}`;
      const [own, others] = side === 0 ? waiting : ([waiting[1], waiting[0]] as const);
      const other = takeFirst(others, key);
      if (!other) own.set(key, [...(own.get(key) ?? []), host]);
      count(other ?? host, other ? -1 : 1);
      if (!other) return;
      if (side === 0) compare(key, host, other);
      else compare(key, other, host);
    },
    waitsFor: (address) => addresses.has(address),
    end: () => {
      const [left, right] = waiting;
      for (const [key, hosts] of left) for (const host of hosts) compare(key, host, null);
      for (const [key, hosts] of right) for (const host of hosts) compare(key, null, host);
      const renamed = findRenamed([...left.values()].flat(), [...right.values()].flat());
      return kept
        .sort((one, other) => byText(one.key, other.key))
        .map(({ difference }) => ({
          difference,
          renamed: isOneSided(difference) && renamed.has(addressOf(oneSide(difference))),
        }));
    },
  };
}

function takeFirst(waiting: Map<string, HostListing[]>, key: string): HostListing | undefined {
  const hosts = waiting.get(key);
  const first = hosts?.shift();
  if (hosts?.length === 0) waiting.delete(key);
  return first;
}

function findRenamed(left: readonly HostListing[], right: readonly HostListing[]): Set<string> {
  const before = new Set(left.map(addressOf));
  return new Set(right.map(addressOf).filter((address) => before.has(address)));
}

function isOneSided({ before, after }: HostDifference): boolean {
  return before.state === null || after.state === null;
}

function oneSide({ before, after }: HostDifference): HostListing {
  return before.state === null ? after : before;
}
