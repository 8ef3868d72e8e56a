import { isDeepStrictEqual } from 'node:util';
import { isSameService } from '@netdelta/core/compare/service-facts.ts';
import type { HostBelief, ServiceBelief } from '@netdelta/core/host/belief.ts';
import { hostStatusCode, isNeverSeen } from '@netdelta/core/host/status.ts';
import type { Verdict } from '@netdelta/core/host/verdict.ts';
import { endpointKey } from '@netdelta/core/snapshot/endpoint-index.ts';
import { formatPortSet } from '@netdelta/core/snapshot/port-set.ts';
import type { SiteTransaction } from '../db/database.ts';
import {
  endServices,
  type HostRow,
  insertServices,
  type Place,
  replaceHostIntervals,
  type ServiceRow,
  updateServices,
  upsertCoverage,
  upsertHosts,
} from './belief-queries.ts';

/** What was believed of an address, and what is. */
export interface SavedVerdict extends Verdict {
  /** Another host than before has the address: nothing of it goes on. */
  readonly anew?: boolean;
}

/** Writes the beliefs that changed, and only those: an unchanged network writes nothing here. */
export async function saveBeliefs(
  tx: SiteTransaction,
  place: Place,
  {
    verdicts,
    names,
  }: { verdicts: readonly SavedVerdict[]; names: Readonly<Record<string, string>> },
): Promise<void> {
  const changed = verdicts.filter(
    ({ before, decision }) => !isDeepStrictEqual(before, decision.belief),
  );
  const coverageOf = createCoverageStore(tx, place.siteId);
  const rows: HostRow[] = [];
  for (const { decision } of changed)
    rows.push(
      hostRow(place, decision.belief, {
        name: names[decision.belief.address],
        coverage: await coverageOf(decision.belief),
      }),
    );
  await upsertHosts(tx, rows);
  await replaceHostIntervals(
    tx,
    place,
    changed
      .filter(({ before, decision }) => before?.status !== decision.belief.status)
      .map(({ decision: { belief } }) => ({
        address: belief.address,
        status: hostStatusCode(belief.status),
      })),
  );
  const services = changed.map(compareRows);
  await endServices(
    tx,
    place,
    services.flatMap(({ ended }) => ended),
  );
  await insertServices(
    tx,
    place,
    services.flatMap(({ begun }) => begun),
  );
  await updateServices(
    tx,
    place,
    services.flatMap(({ refined }) => refined),
  );
}

function compareRows({ before, decision: { belief: after }, anew = false }: SavedVerdict) {
  const rowOf = (belief: ServiceBelief): ServiceRow => ({ address: after.address, belief });
  if (anew)
    return {
      ended: (before?.services ?? []).map(rowOf),
      begun: after.services.map(rowOf),
      refined: [],
    };
  const old = new Map(before?.services.map((service) => [endpointKey(service), service]));
  const now = new Set(after.services.map(endpointKey));
  const replaced = (service: ServiceBelief) =>
    !isSameService(old.get(endpointKey(service))?.service, service.service);
  const known = after.services.filter((service) => old.has(endpointKey(service)));
  return {
    ended: [
      ...[...old.values()].filter((service) => !now.has(endpointKey(service))),
      ...known.filter(replaced),
    ].map(rowOf),
    begun: after.services
      .filter((service) => !old.has(endpointKey(service)) || replaced(service))
      .map(rowOf),
    refined: known
      .filter(
        (service) =>
          !replaced(service) && !isDeepStrictEqual(old.get(endpointKey(service)), service),
      )
      .map(rowOf),
  };
}

function createCoverageStore(tx: SiteTransaction, siteId: string) {
  const ids = new Map<string, string>();
  return async ({ known }: HostBelief): Promise<string | null> => {
    const ports = { tcp: formatPortSet(known.tcp), udp: formatPortSet(known.udp) };
    if (ports.tcp === '' && ports.udp === '') return null;
    const text = `${ports.tcp}|${ports.udp}`;
    const id = ids.get(text) ?? (await upsertCoverage(tx, siteId, ports));
    ids.set(text, id);
    return id;
  };
}

function hostRow(
  place: Place,
  belief: HostBelief,
  { name, coverage }: { name: string | undefined; coverage: string | null },
): HostRow {
  return {
    site_id: place.siteId,
    group_id: place.groupId,
    address: belief.address,
    target_name: name ?? null,
    status: hostStatusCode(belief.status),
    reason: belief.reason,
    seen_by: belief.seenBy ?? null,
    names: [...belief.names],
    mac: belief.mac ?? null,
    mac_vendor: belief.macVendor ?? null,
    os: belief.os ?? null,
    known_coverage_id: coverage,
    silence_scans: belief.silence?.scans ?? 0,
    silence_since_scan: belief.silence?.since.scanId ?? null,
    silence_since: belief.silence?.since.at ?? null,
    silence_likelihood: belief.silence?.likelihood ?? null,
    contacts: [...belief.contacts],
    unsteady: JSON.stringify(belief.unsteady),
    answers_everything: belief.answersEverything ?? false,
    status_since: place.at,
    first_seen_at: isNeverSeen(belief.status) ? null : place.at,
    last_scan_id: place.scanId,
  };
}
