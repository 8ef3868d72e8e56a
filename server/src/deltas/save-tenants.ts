import { isSameService } from '@netdelta/core/compare/service-facts.ts';
import type { HostBelief } from '@netdelta/core/host/belief.ts';
import type { GroupDecision } from '@netdelta/core/host/decide-group.ts';
import type { Verdict } from '@netdelta/core/host/verdict.ts';
import { endpointKey } from '@netdelta/core/snapshot/endpoint-index.ts';
import type { SiteTransaction } from '../db/database.ts';
import type { Place } from './belief-queries.ts';
import type { KnownGroup } from './recall-group.ts';
import {
  deleteDisplaced,
  insertDisplaced,
  type Keepsake,
  type MovedService,
  type TenantRow,
  updateDisplaced,
  updateServicesSince,
  updateTenants,
} from './tenant-queries.ts';

interface Tenancies {
  readonly place: Place;
  readonly known: KnownGroup;
  readonly decision: GroupDecision;
}

/**
 * Saves who lives where from now on, after the beliefs themselves: hosts take with them when they
 * and their services were first seen and their own rules; those without an address are remembered.
 */
export async function saveTenants(
  tx: SiteTransaction,
  { place, known, decision }: Tenancies,
): Promise<void> {
  const { looks, emptied, tenants } = decision;
  const verdicts = [...looks.flatMap((look) => look.verdicts), ...emptied].filter((verdict) =>
    tenants.has(verdict.decision.belief.address),
  );
  const hostOf = ({ decision: { belief } }: Verdict) => tenants.get(belief.address) ?? undefined;
  const rows = verdicts.map(({ decision: { belief } }) => {
    const host = tenants.get(belief.address) ?? undefined;
    return tenantRow(belief, { place, host, keepsake: host && known.keepsakes.get(host) });
  });
  await updateTenants(tx, place, rows);
  const services = verdicts.flatMap((verdict) =>
    listMovedServices(hostOf(verdict), verdict.decision.belief),
  );
  await updateServicesSince(tx, place, services);
  await saveDisplaced(tx, { place, known, decision });
}

/** What belongs to the host that has the address now; to nobody, or to a new host, it is nothing. */
function tenantRow(
  belief: HostBelief,
  {
    place,
    host,
    keepsake,
  }: { place: Place; host: HostBelief | undefined; keepsake: Keepsake | undefined },
): TenantRow {
  const { address, status } = belief;
  const since = host?.status === status ? keepsake?.status_since : undefined;
  return {
    address,
    status_since: since ?? place.at,
    first_seen_at: keepsake ? keepsake.first_seen_at : status === 'ABSENT' ? null : place.at,
    down_after: keepsake?.down_after ?? null,
    service_down_after: keepsake?.service_down_after ?? null,
  };
}

/** The services that a host had before it moved and that are still the same. */
function listMovedServices(host: HostBelief | undefined, belief: HostBelief): MovedService[] {
  if (!host) return [];
  const had = new Map(host.services.map((service) => [endpointKey(service), service]));
  return belief.services
    .filter((service) => {
      const before = had.get(endpointKey(service));
      return before && isSameService(before.service, service.service);
    })
    .map(({ protocol, port }) => ({ from: host.address, to: belief.address, protocol, port }));
}

async function saveDisplaced(
  tx: SiteTransaction,
  { place, known, decision: { displaced } }: Tenancies,
): Promise<void> {
  const left = new Set(displaced.map(({ host }) => host));
  const found = [...known.displaced].filter(([host]) => !left.has(host));
  await deleteDisplaced(
    tx,
    found.map(([, id]) => id),
  );
  const added = displaced.filter(({ host }) => !known.displaced.has(host));
  await insertDisplaced(
    tx,
    place,
    added.map(({ host, belief }) => ({ belief, keepsake: known.keepsakes.get(host) })),
  );
  for (const { host, belief } of displaced) {
    const id = known.displaced.get(host);
    if (id !== undefined && belief !== host) await updateDisplaced(tx, id, belief);
  }
}
