import type { HostView, RefutationView, ServiceView } from '@netdelta/core/api/hosts.ts';
import { isGuess } from '@netdelta/core/compare/service-facts.ts';
import { explainRefutation } from '@netdelta/core/evidence/explain-refutation.ts';
import { hostStatusOf } from '@netdelta/core/host/status.ts';
import type { HostListRow, ServiceListRow } from './host-queries.ts';
import type { RefutationRow } from './refutation-queries.ts';

export function presentHost(row: HostListRow): HostView {
  return {
    groupId: row.group_id,
    groupName: row.group_name,
    address: row.address,
    status: hostStatusOf(row.status),
    statusSince: row.status_since.toISOString(),
    names: presentNames(row),
    mac: row.mac,
    macVendor: row.mac_vendor,
    os: row.os,
    serviceCount: row.service_count,
    silentScans: row.silence_scans,
  };
}

export function presentNames(row: { target_name: string | null; names: string[] }): string[] {
  return row.target_name ? [...new Set([row.target_name, ...row.names])] : row.names;
}

export function presentService(row: ServiceListRow): ServiceView {
  const { service } = row;
  const product = [
    service?.product,
    service?.version,
    service?.extraInfo && `(${service.extraInfo})`,
  ];
  return {
    groupId: row.group_id,
    address: row.address,
    protocol: row.protocol,
    port: row.port,
    reason: row.reason,
    name: (service?.tunnel ? `${service.tunnel}/${service.name}` : service?.name) ?? null,
    product: product.filter(Boolean).join(' ') || service?.fingerprint || null,
    guessed: service !== null && isGuess(service),
    scripts: [...(row.scripts ?? [])],
    since: (row.since ?? row.valid_from).toISOString(),
    until: row.valid_to?.toISOString() ?? null,
    silentScans: row.silence_scans,
  };
}

/** Why there was no alarm: what was asked again, and what came back. */
export function presentRefutation({ scan_id, at, finding }: RefutationRow): RefutationView {
  const { doubt, loss, probes } = finding;
  return {
    scanId: scan_id,
    at: at.toISOString(),
    endpoint: doubt.endpoint ?? null,
    kind: doubt.kind,
    explanation: explainRefutation({ kind: doubt.kind, probes }),
    prior: doubt.prior,
    loss,
    probes,
  };
}
