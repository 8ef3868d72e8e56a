import { identityKeys, type MovingIdentity, shareIdentity } from '../host/identity.ts';
import type { HostMoment } from './moment.ts';
import { presenceOf } from './presence.ts';

/** What tells who has an address. */
export type Tenant = Pick<HostMoment, 'address' | 'status' | 'names' | 'mac'>;

/** A host that is at another address now. */
export interface Move {
  readonly from: string;
  readonly to: string;
  /** The MAC address or name by which it was recognised. */
  readonly identity: string;
}

/** Who moved between two instants. */
export interface Moves {
  /** By the address where the host is at the later instant. */
  readonly to: ReadonlyMap<string, Move>;
  /** The addresses where such hosts were at the earlier instant. */
  readonly left: ReadonlySet<string>;
}

/**
 * Finds the hosts that are at another address at the later instant. As in a scan, nobody guesses: an
 * identity that is at several addresses of one instant recognises nobody.
 */
export function pairTenants(
  by: MovingIdentity,
  before: Iterable<Tenant>,
  after: Iterable<Tenant>,
): Moves {
  const old = indexIdentities(by, before);
  const to = new Map<string, Move>();
  const left = new Set<string>();
  for (const [identity, place] of indexIdentities(by, after)) {
    const from = old.get(identity);
    if (!from || !place || from === place || to.has(place) || left.has(from)) continue;
    to.set(place, { from, to: place, identity });
    left.add(from);
  }
  return { to, left };
}

/** True when both are known by what they are, and they are not the same. */
export function isOtherTenant(by: MovingIdentity, before: Tenant, after: Tenant): boolean {
  const [old, now] = [identityKeys(by, before), identityKeys(by, after)];
  return old.length > 0 && now.length > 0 && !shareIdentity(old, now);
}

/** By identity the one address that has it; null: several. */
function indexIdentities(by: MovingIdentity, hosts: Iterable<Tenant>): Map<string, string | null> {
  const index = new Map<string, string | null>();
  for (const host of hosts) {
    const presence = presenceOf(host.status);
    if (presence !== 'up' && presence !== 'down') continue;
    for (const key of identityKeys(by, host)) index.set(key, index.has(key) ? null : host.address);
  }
  return index;
}
