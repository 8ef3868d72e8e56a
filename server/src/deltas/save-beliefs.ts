import { isDeepStrictEqual } from 'node:util';
import { isSameService } from '@netdelta/core/compare/service-facts.ts';
import type { HostBelief, ServiceBelief } from '@netdelta/core/host/belief.ts';
import { hostStatusCode, isNeverSeen } from '@netdelta/core/host/status.ts';
import type { Verdict } from '@netdelta/core/host/verdict.ts';
import { differs } from '@netdelta/core/past/moment.ts';
import { endpointKey } from '@netdelta/core/snapshot/endpoint-index.ts';
import { formatPortSet, type PortSet } from '@netdelta/core/snapshot/port-set.ts';
import type { PortCoverage } from '@netdelta/core/snapshot/snapshot.ts';
import type { SiteTransaction } from '../db/database.ts';
import type { Place } from './belief-queries.ts';
import { addStillNew } from './new-hosts-queries.ts';
import {
  type EndedServiceRow,
  endServices,
  type HostIntervalRow,
  type HostRow,
  insertServices,
  replaceHostIntervals,
  type ServiceRow,
  updateServices,
  upsertCoverage,
  upsertHosts,
} from './save-belief-queries.ts';

/** What was believed of an address, and what is. */
export interface SavedVerdict extends Verdict {
  /** Another host than before has the address: nothing of it goes on. */
  readonly anew?: boolean;
}

/**
 * Writes the beliefs that changed, and only those: an unchanged network writes nothing here. That a host
 * was NEW and is UP is no change to write: it is told from its scan when this one has ended (endNew).
 */
export async function saveBeliefs(
  tx: SiteTransaction,
  place: Place,
  {
    verdicts,
    names,
  }: { verdicts: readonly SavedVerdict[]; names: Readonly<Record<string, string>> },
): Promise<void> {
  const changed = verdicts.filter((verdict) => !isAsBefore(verdict));
  const known = changed.map(({ decision }) => decision.belief.known);
  const coverageOf = await storeCoverages(tx, place.siteId, known);
  const rows: HostRow[] = [];
  const begun: HostIntervalRow[] = [];
  const ended: string[] = [];
  for (const verdict of changed) {
    const { belief } = verdict.decision;
    const row = hostRow(place, belief, {
      name: names[belief.address],
      coverage: coverageOf(belief.known),
    });
    rows.push(row);
    const differing = verdict.anew || differs(verdict.before, belief);
    // A host that stays NEW is so by this scan, as its row says.
    const goesOn = verdict.before?.status === belief.status && belief.status !== 'NEW';
    if (!differing && goesOn) continue;
    begun.push(intervalRow(row, differing));
    if (verdict.before) ended.push(belief.address);
  }
  const services = changed.map(compareRows);
  const stillNew = verdicts.filter(isStillNew).map(({ decision }) => decision.belief.address);
  // One after the other: what is sent beside a statement that fails would run after the rollback.
  await upsertHosts(tx, place, rows);
  await replaceHostIntervals(tx, place, { ended, begun });
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
  await addStillNew(tx, place, stillNew);
}

function isAsBefore({ before, decision: { belief }, anew = false }: SavedVerdict): boolean {
  if (isDeepStrictEqual(before, belief)) return true;
  if (anew || before?.status !== 'NEW' || belief.status !== 'UP') return false;
  return isDeepStrictEqual({ ...before, status: 'UP' }, belief);
}

function isStillNew({ before, decision: { belief }, anew = false }: SavedVerdict): boolean {
  return !anew && before?.status === 'NEW' && belief.status === 'NEW';
}

function compareRows({ before, decision, anew = false }: SavedVerdict) {
  const { belief: after } = decision;
  const rowOf = (belief: ServiceBelief): ServiceRow => ({ address: after.address, belief });
  if (anew)
    return {
      ended: (before?.services ?? []).map(rowOf),
      begun: after.services.map(rowOf),
      refined: [],
    };
  const old = new Map(before?.services.map((service) => [endpointKey(service), service]));
  const replaced = (service: ServiceBelief) =>
    !isSameService(old.get(endpointKey(service))?.service, service.service);
  const known = after.services.filter((service) => old.has(endpointKey(service)));
  return {
    ended: [...listGone(before?.services ?? [], decision), ...known.filter(replaced).map(rowOf)],
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

/** The services that are not open any more, and how each of them ended. */
function listGone(
  before: readonly ServiceBelief[],
  { belief: { address, services }, deltas, untold = [] }: Verdict['decision'],
): EndedServiceRow[] {
  const open = new Set(services.map(endpointKey));
  const gone = before.filter((service) => !open.has(endpointKey(service)));
  return gone.map((belief) => {
    const told = [...deltas, ...untold].find(
      ({ kind, subject }) =>
        (kind === 'service.closed' || kind === 'service.filtered') &&
        'port' in subject &&
        endpointKey(subject) === endpointKey(belief),
    );
    const reason = told?.evidence.reason;
    if (!told || reason === undefined) return { address, belief };
    const state = told.kind === 'service.closed' ? 'closed' : 'filtered';
    return { address, belief, ending: { state, reason } };
  });
}

/**
 * Stores coverages; answers the id of each, null where it is of no port. Always in one order: two
 * shards that store the same new ones would wait for each other. Hosts of a scan have their ports in
 * common, the very same sets most often: each pair is written and looked up once.
 */
async function storeCoverages(
  tx: SiteTransaction,
  siteId: string,
  coverages: readonly PortCoverage[],
): Promise<(known: PortCoverage) => string | null> {
  const texts = new Map<PortSet, Map<PortSet, string>>();
  const textOf = ({ tcp, udp }: PortCoverage) => {
    const found = texts.get(tcp)?.get(udp);
    if (found !== undefined) return found;
    const text = `${formatPortSet(tcp)}|${formatPortSet(udp)}`;
    texts.set(tcp, (texts.get(tcp) ?? new Map()).set(udp, text));
    return text;
  };
  const ids = new Map<string, string | null>();
  for (const text of [...new Set(coverages.map(textOf))].sort()) {
    const [tcp = '', udp = ''] = text.split('|');
    ids.set(text, text === '|' ? null : await upsertCoverage(tx, siteId, { tcp, udp }));
  }
  return (known) => ids.get(textOf(known)) ?? null;
}

function hostRow(
  place: Place,
  belief: HostBelief,
  { name, coverage }: { name: string | undefined; coverage: string | null },
): HostRow {
  return {
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
    unsteady: belief.unsteady,
    answers_everything: belief.answersEverything ?? false,
    first_seen_at: isNeverSeen(belief.status) ? null : place.at,
  };
}

function intervalRow(row: HostRow, differs: boolean): HostIntervalRow {
  const { address, status, known_coverage_id, names, mac, mac_vendor, os } = row;
  const { answers_everything } = row;
  return {
    ...{ address, status, known_coverage_id, names, mac, mac_vendor, os },
    ...{ answers_everything, differs },
  };
}
