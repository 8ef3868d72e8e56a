import type { HostObservation } from '../snapshot/snapshot.ts';
import { type Contact, decideContacts } from './contact.ts';
import type { Doubt } from './doubt.ts';
import { PRIOR } from './likelihood.ts';

/** What is asked to find out whether the scanner still sees: a beacon that a person named, or a steady host. */
export interface Sentinel {
  readonly address: string;
  readonly contacts: readonly Contact[];
}

const MOST_OF_SHARD = 4;

/**
 * The sentinels as doubts, to be asked like silent hosts: those given (beacons, steady hosts of
 * other shards), and up to four hosts of this shard that answered the sweep and of which nothing
 * stayed silent, new ones too. `isOwn`: an address of the scanner itself, which always answers.
 */
export function doubtSentinels(
  given: readonly Sentinel[],
  hosts: readonly HostObservation[],
  isOwn: (address: string) => boolean,
): Doubt[] {
  const answering = hosts
    .filter(({ address, status }) => status === 'up' && !isOwn(address))
    .map((seen) => ({ address: seen.address, contacts: decideContacts([], seen) }))
    .filter(({ contacts }) => contacts.length > 0)
    .slice(0, MOST_OF_SHARD);
  const addresses = new Set(answering.map(({ address }) => address));
  const others = given.filter(({ address }) => !addresses.has(address) && !isOwn(address));
  return [...answering, ...others].map(({ address, contacts }) => ({
    kind: 'host',
    address,
    ask: contacts,
    prior: PRIOR,
  }));
}
