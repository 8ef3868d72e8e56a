import type { HostBelief } from '../host/belief.ts';
import { isDown, isNeverSeen } from '../host/status.ts';
import type { HostObservation } from '../snapshot/snapshot.ts';
import type { Delta, DeltaOfKind, HostKind, HostSide } from './delta.ts';

/** Makes the delta of a host from what was and what is believed of it. */
export function buildHostDelta(
  kind: HostKind,
  change: { belief: HostBelief; after: HostBelief; evidence: Delta['evidence'] },
): DeltaOfKind<HostKind> {
  const { belief, after, evidence } = change;
  const before = isNeverSeen(belief.status) ? null : hostSide(belief);
  return {
    kind,
    subject: { address: belief.address },
    before,
    after: hostSide(after, evidence.reason),
    evidence,
  };
}

/** The reason of a `host.down` of a host whose address belongs to another one since. */
export const ADDRESS_TAKEN = 'address-taken';

/** Makes the delta of a host that was recognised at another address; `after` is what is believed of it there. */
export function buildMovedDelta(
  before: HostBelief,
  after: HostBelief,
  identity: string,
): DeltaOfKind<'host.moved'> {
  return {
    kind: 'host.moved',
    subject: { address: after.address },
    before: { address: before.address, identity, ...hostSide(before) },
    after: { address: after.address, identity, ...hostSide(after) },
    evidence: { reason: after.reason, likelihood: 1 },
  };
}

/** Makes the delta of a host that accepts any connection from now on, or not any more; `before` null: a new host. */
export function buildEverythingDelta(
  before: HostBelief | null,
  after: HostBelief,
  seen: HostObservation,
): DeltaOfKind<'host.answersEverything'> {
  const openPorts = seen.endpoints.filter(({ state }) => state === 'open').length;
  return {
    kind: 'host.answersEverything',
    subject: { address: after.address },
    before: before && {
      answersEverything: before.answersEverything ?? false,
      openPorts: before.services.length,
    },
    after: { answersEverything: after.answersEverything ?? false, openPorts },
    evidence: { reason: 'syn-ack', likelihood: 1 },
  };
}

function hostSide(belief: HostBelief, reason = belief.reason): HostSide {
  return {
    up: !isDown(belief.status),
    reason,
    names: belief.names,
    services: belief.services.map(({ protocol, port, service }) => ({
      protocol,
      port,
      ...(service && { service }),
    })),
  };
}
