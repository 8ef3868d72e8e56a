import type { Delta, PlaceSide } from '../delta/delta.ts';
import { ADDRESS_TAKEN } from '../delta/host-delta.ts';
import type { MovingIdentity } from '../host/identity.ts';
import { compareMoments, type MomentComparison, NO_CHANGE, sideOf } from './compare-moments.ts';
import type { HostMoment } from './moment.ts';
import { isOtherTenant, type Move, type Moves } from './pair-tenants.ts';
import { presenceOf } from './presence.ts';

type ByAddress = Pick<ReadonlyMap<string, HostMoment>, 'get'>;

/** Hosts of one group at two instants, by address. */
export interface TwoMoments {
  readonly before: ByAddress;
  readonly after: ByAddress;
  /** Where hosts are more than their addresses: by what they are known, and who moved. */
  readonly identity?: { readonly by: MovingIdentity; readonly moves: Moves };
}

/**
 * Tells how one address of a group differs between two instants. Where hosts are known by MAC
 * address or name, a host that moved is told where it is then, with its services compared; one whose
 * address somebody else has, and who is nowhere, is down. Pure.
 */
export function compareAddress(moments: TwoMoments, address: string): MomentComparison {
  const was = moments.before.get(address);
  const is = moments.after.get(address);
  if (!moments.identity) return compareMoments(was, is);
  const { by, moves } = moments.identity;
  const isGone = moves.left.has(address);
  const move = moves.to.get(address);
  const host = move && moments.before.get(move.from);
  if (is && host) return join(isGone ? [] : tellTaken(was), compareMoved(move, host, is));
  if (isGone) return is && isUp(is) ? compareMoments(nobodyAt(is), is) : NO_CHANGE;
  if (was && is && isOtherTenant(by, was, is))
    return join(tellTaken(was), compareMoments(nobodyAt(is), is));
  return compareMoments(was, is);
}

function join(changes: readonly Delta[], rest: MomentComparison): MomentComparison {
  return { ...rest, changes: [...changes, ...rest.changes] };
}

function isUp({ status }: HostMoment): boolean {
  return presenceOf(status) === 'up';
}

/** The address before its host came: asked, and nobody there. */
function nobodyAt(host: HostMoment): HostMoment {
  return { ...host, status: 'ABSENT', services: [] };
}

function compareMoved({ identity }: Move, was: HostMoment, is: HostMoment): MomentComparison {
  const side = (host: HostMoment): PlaceSide => ({
    address: host.address,
    identity,
    ...sideOf(host),
  });
  const moved: Delta = {
    kind: 'host.moved',
    subject: { address: is.address },
    before: side(was),
    after: side(is),
    evidence: { reason: sideOf(is).reason },
  };
  return join([moved], compareMoments({ ...was, address: is.address }, is));
}

/** Who was here is nowhere now, and another host has the address. */
function tellTaken(was: HostMoment | undefined): Delta[] {
  if (!was || !isUp(was)) return [];
  return [
    {
      kind: 'host.down',
      subject: { address: was.address },
      before: sideOf(was),
      after: { ...sideOf(was), up: false, reason: ADDRESS_TAKEN },
      evidence: { reason: ADDRESS_TAKEN },
    },
  ];
}
