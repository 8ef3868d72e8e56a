import { hostStatusCode } from '@netdelta/core/host/status.ts';

const NEW = hostStatusCode('NEW');
const UP = hostStatusCode('UP');

/** The column that names the scan by which a row of `hosts`, `host_intervals` or `group_tallies` is NEW. */
type ScanColumn = 'last_scan_id' | 'scan_id';

/**
 * SQL for the status of a row as it is told: a stored NEW is UP once a later scan that covered the
 * host has ended (decision 28). `at`: SQL of the instant for which that is asked; none: now.
 */
export function toldStatus(row: string, scan: ScanColumn = 'last_scan_id', at?: string): string {
  const isNew = at ? `(k.new_until is null or k.new_until > ${at})` : 'k.new_until is null';
  return `(case when ${row}.status = ${NEW} and not exists (select from scans as k
    where k.site_id = ${row}.site_id and k.id = ${row}.${scan} and ${isNew}) then ${UP} else ${row}.status end)::smallint`;
}

/** SQL for the time since when a host has the status that is told. */
export function toldSince(row: string): string {
  return `case when ${row}.status = ${NEW} then coalesce((select k.new_until from scans as k
    where k.site_id = ${row}.site_id and k.id = ${row}.last_scan_id), ${row}.status_since) else ${row}.status_since end`;
}

/** SQL that is true for a host of which this status is told; the stored one first, for the sake of indexes. */
export function isTold(row: string, status: number): string {
  if (status !== NEW && status !== UP) return `${row}.status = ${Number(status)}`;
  const stored = status === NEW ? `= ${NEW}` : `in (${NEW}, ${UP})`;
  return `(${row}.status ${stored} and ${toldStatus(row)} = ${status})`;
}
