import type { HostBelief } from '../host/belief.ts';
import type { HostObservation } from '../snapshot/snapshot.ts';
import type { Contact } from './contact.ts';
import { type Doubt, isBelievedUp } from './doubt.ts';
import { PRIOR } from './likelihood.ts';

/** What is asked to find out whether the scanner still sees: a beacon that a person named, or a steady host. */
export interface Sentinel {
  readonly address: string;
  readonly contacts: readonly Contact[];
}

const MOST_OF_SHARD = 4;

/**
 * The sentinels as doubts, to be asked like silent hosts: those given (beacons, steady hosts of
 * other shards), and up to four believed hosts of this shard that did answer the sweep.
 */
export function doubtSentinels(
  given: readonly Sentinel[],
  hosts: readonly HostObservation[],
  beliefs: ReadonlyMap<string, HostBelief>,
): Doubt[] {
  const own = hosts
    .filter(({ status }) => status === 'up')
    .map(({ address }) => beliefs.get(address))
    .filter((belief) => isBelievedUp(belief))
    .filter(({ contacts }) => contacts.length > 0)
    .slice(0, MOST_OF_SHARD);
  const addresses = new Set(own.map(({ address }) => address));
  return [...own, ...given.filter(({ address }) => !addresses.has(address))].map(
    ({ address, contacts }) => ({ kind: 'host', address, ask: contacts, prior: PRIOR }),
  );
}
