import { hostStatusOf } from '@netdelta/core/host/status.ts';
import type { Ending, HostMoment } from '@netdelta/core/past/moment.ts';
import { type EndpointKey, endpointKey } from '@netdelta/core/snapshot/endpoint-index.ts';
import { NO_PORTS, parsePortSet } from '@netdelta/core/snapshot/port-set.ts';
import type { PortCoverage } from '@netdelta/core/snapshot/snapshot.ts';
import type { HostKey, HostMomentRow, ServiceMomentRow } from './compare-queries.ts';

/** A host by its group and address, as a key of maps. */
export function hostKeyText({ groupId, address }: HostKey): string {
  return `${address} ${groupId}`;
}

/** Hosts at both instants, by hostKeyText. */
export interface ReadMoments {
  readonly earlier: ReadonlyMap<string, HostMoment>;
  readonly later: ReadonlyMap<string, HostMoment>;
}

/** Joins hosts and their services to what was believed at both instants. */
export function readMoments(
  hosts: readonly HostMomentRow[],
  services: readonly ServiceMomentRow[],
): ReadMoments {
  const servicesOf = Map.groupBy(services, rowKey);
  const knownOf = createCoverageReader();
  const moments = { earlier: new Map<string, HostMoment>(), later: new Map<string, HostMoment>() };
  for (const row of hosts) {
    const own = servicesOf.get(rowKey(row)) ?? [];
    const open = own.filter((service) => (row.side === 'earlier' ? service.then : service.later));
    const endings = row.side === 'later' ? readEndings(own) : undefined;
    moments[row.side].set(rowKey(row), {
      address: row.address,
      status: hostStatusOf(row.status),
      names: row.names,
      known: knownOf(row),
      services: open.map(({ protocol, port, reason, service }) => ({
        ...{ protocol, port, reason },
        ...(service && { service }),
      })),
      ...(row.mac && { mac: row.mac }),
      ...(row.mac_vendor && { macVendor: row.mac_vendor }),
      ...(row.os && { os: row.os }),
      ...(row.answers_everything && { answersEverything: true as const }),
      ...(endings && { endings }),
    });
  }
  return moments;
}

function rowKey({ group_id, address }: { readonly group_id: string; readonly address: string }) {
  return hostKeyText({ groupId: group_id, address });
}

function readEndings(services: readonly ServiceMomentRow[]): Map<EndpointKey, Ending> | undefined {
  const ended = services.flatMap((row) =>
    !row.later && row.end_state !== null
      ? [[endpointKey(row), { state: row.end_state, reason: row.end_reason ?? '' }] as const]
      : [],
  );
  return ended.length === 0 ? undefined : new Map(ended);
}

/** Most hosts share a few coverages: each is parsed once. */
function createCoverageReader() {
  const read = new Map<string, PortCoverage>();
  return ({ coverage, tcp, udp }: HostMomentRow): PortCoverage => {
    if (coverage === null) return { tcp: NO_PORTS, udp: NO_PORTS };
    const known = read.get(coverage) ?? {
      tcp: parsePortSet(tcp ?? '').ports,
      udp: parsePortSet(udp ?? '').ports,
    };
    read.set(coverage, known);
    return known;
  };
}
