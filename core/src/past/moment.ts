import type { HostBelief } from '../host/belief.ts';
import type { EndpointKey } from '../snapshot/endpoint-index.ts';
import { formatPortSet } from '../snapshot/port-set.ts';
import { presenceOf } from './presence.ts';

/** How an endpoint that is not open any more ended. */
export interface Ending {
  readonly state: 'closed' | 'filtered';
  /** The engine's word: `reset`, `no-response` … */
  readonly reason: string;
}

/** What was believed of a host at one instant, as far as it is remembered. */
export type HostMoment = Pick<
  HostBelief,
  'address' | 'status' | 'names' | 'mac' | 'macVendor' | 'os' | 'known' | 'answersEverything'
> & {
  readonly services: readonly Pick<
    HostBelief['services'][number],
    'protocol' | 'port' | 'reason' | 'service'
  >[];
  /** How services that were open before ended, where that is known. */
  readonly endings?: ReadonlyMap<EndpointKey, Ending>;
};

/** All of a host, besides its services, that is remembered of each instant. */
export type HostFacts = Omit<HostMoment, 'services' | 'endings' | 'address'>;

/** True when a comparison of two instants could see a difference; a status of the same presence is none. */
export function differs(before: HostFacts | undefined, after: HostFacts): boolean {
  return before === undefined || comparable(before) !== comparable(after);
}

function comparable({ status, names, known, ...facts }: HostFacts): string {
  return JSON.stringify([
    presenceOf(status),
    // Name servers give several names in any order.
    [...names].sort(),
    formatPortSet(known.tcp),
    formatPortSet(known.udp),
    facts.mac,
    facts.macVendor,
    facts.os,
    facts.answersEverything,
  ]);
}
