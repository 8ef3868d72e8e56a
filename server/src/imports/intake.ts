import type { HostObservation, UncoveredHost } from '@netdelta/core/snapshot/snapshot.ts';
import type { AddressRange } from '@netdelta/core/target/address-range.ts';
import { SHARD_SIZE } from '@netdelta/core/target/cut-shards.ts';
import { isWithin } from '@netdelta/core/target/target-ranges.ts';
import type { HostOutcome } from '../formats/nmap/host-outcome.ts';

/** At most 256 addresses of a file, in its order: judged and kept like a shard of a scan. */
export interface FileShard {
  readonly hosts: HostObservation[];
  readonly uncovered: UncoveredHost[];
  /** By address: the host name target by which it belongs to the group. */
  readonly names: Record<string, string>;
}

export interface Reach {
  /** In order and without overlap, IPv4 first. */
  readonly ranges: readonly AddressRange[];
  readonly names: ReadonlySet<string>;
}

/** Takes the hosts of a file, one by one, and gives them back as shards. */
export interface Intake {
  readonly take: (outcome: HostOutcome) => void;
  /** The next whole shard that is not the last; undefined: more is needed. */
  readonly next: () => FileShard | undefined;
  /** All that is left, once nothing more comes. */
  readonly rest: () => FileShard[];
  readonly hasTaken: (address: string) => boolean;
  /** How many hosts were no targets of the group. */
  readonly leftOut: () => number;
}

/**
 * Keeps hosts that are targets of the group, each address once: the first word on it counts. Holds
 * no more than the addresses, and the hosts of shards that were not taken yet.
 */
export function createIntake(reach: Reach): Intake {
  const taken = new Set<string>();
  const shards: FileShard[] = [];
  let leftOut = 0;
  const shardWithRoom = () => {
    const last = shards.at(-1);
    if (last && last.hosts.length + last.uncovered.length < SHARD_SIZE) return last;
    const shard: FileShard = { hosts: [], uncovered: [], names: {} };
    shards.push(shard);
    return shard;
  };
  return {
    take: (outcome) => {
      const { address } = outcome.host;
      if (taken.has(address)) return;
      taken.add(address);
      const names = outcome.kind === 'seen' ? outcome.host.names : [];
      const name = names.find((one) => reach.names.has(one));
      if (name === undefined && !isWithin(reach.ranges, address)) {
        leftOut += 1;
        return;
      }
      const shard = shardWithRoom();
      if (name !== undefined) shard.names[address] = name;
      if (outcome.kind === 'seen') shard.hosts.push(outcome.host);
      else shard.uncovered.push(outcome.host);
    },
    next: () => (shards.length > 1 ? shards.shift() : undefined),
    rest: () => shards.splice(0),
    hasTaken: (address) => taken.has(address),
    leftOut: () => leftOut,
  };
}
