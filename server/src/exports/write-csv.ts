import type { CsvFilter, CsvList } from '@netdelta/core/api/export.ts';
import { hostStatusOf } from '@netdelta/core/host/status.ts';
import { stringify } from 'csv-stringify/sync';
import type { SiteSnapshot } from '../db/site-snapshot.ts';
import type { DeltaRow } from '../deltas/delta-queries.ts';
import type { ServiceListRow } from '../deltas/host-queries.ts';
import { presentDelta } from '../deltas/present-delta.ts';
import { presentService } from '../deltas/present-host.ts';
import { readCopiedRows } from './copied-lines.ts';
import {
  selectDeltaRows,
  selectHostRows,
  selectScanRows,
  selectServiceRows,
} from './list-queries.ts';

// biome-ignore lint/suspicious/noExplicitAny: a row of a query, read by the list that asked it
type Row = Record<string, any>;
type Cell = string | number | boolean | null;

/** A list: its columns in the words of the API, and a row of cells for each row of its query. */
interface List {
  readonly columns: readonly string[];
  readonly select: (filter: CsvFilter, quote: (value: string) => string) => string;
  readonly cells: (row: Row, timeZone: string) => readonly Cell[];
}

const iso = (time: string | null) => time && new Date(time).toISOString();

const LISTS: Readonly<Record<CsvList, List>> = {
  hosts: {
    columns: [
      ...['groupId', 'groupName', 'address', 'status', 'statusSince', 'names', 'mac', 'macVendor'],
      ...['os', 'serviceCount', 'silentScans', 'answersEverything', 'firstSeenAt'],
    ],
    select: selectHostRows,
    cells: (row) => [
      ...[row.group_id, row.group_name, row.address, hostStatusOf(row.told_status)],
      ...[iso(row.told_since), namesOf(row), row.mac, row.mac_vendor, row.os],
      ...[row.service_count, row.silence_scans, row.answers_everything],
      iso(row.first_seen_at),
    ],
  },
  services: {
    columns: [
      ...['groupId', 'groupName', 'address', 'protocol', 'port', 'name', 'product', 'guessed'],
      ...['reason', 'since', 'silentScans'],
    ],
    select: selectServiceRows,
    cells: (row) => {
      const since = row.since && new Date(row.since);
      const times = { since, valid_from: new Date(row.valid_from), valid_to: null };
      const service = presentService({ ...row, ...times } as ServiceListRow);
      return [
        ...[service.groupId, row.group_name, service.address, service.protocol, service.port],
        ...[service.name, service.product, service.guessed, service.reason, service.since],
        service.silentScans,
      ];
    },
  },
  deltas: {
    columns: [
      ...['id', 'at', 'groupId', 'groupName', 'scanId', 'kind', 'heading', 'sentence'],
      ...['explanation', 'address', 'target', 'protocol', 'port', 'rating'],
    ],
    select: selectDeltaRows,
    cells: (row, timeZone) => {
      const known = { ...row, id: row.number, at: new Date(row.at) } as unknown as DeltaRow;
      const delta = presentDelta(known, timeZone);
      return [
        ...[delta.id, delta.at, delta.groupId, delta.groupName, delta.scanId, delta.kind],
        ...[delta.heading, delta.sentence, delta.explanation, delta.address, delta.target],
        ...[delta.protocol, delta.port, delta.rating],
      ];
    },
  },
  scans: {
    columns: [
      ...['id', 'groupId', 'groupName', 'number', 'status', 'trigger', 'first', 'createdAt'],
      ...['startedAt', 'finishedAt', 'profileName', 'engine', 'addressCount', 'hostsUp'],
      ...['servicesOpen', 'deltaCount', 'blind', 'loss'],
    ],
    select: selectScanRows,
    cells: (row) => [
      ...[row.id, row.group_id, row.group_name, row.number, row.status],
      ...[row.trigger, row.first, iso(row.created_at), iso(row.started_at)],
      ...[iso(row.finished_at), row.profile_name, row.engine, row.address_count],
      ...[row.hosts_up, row.services_open, row.delta_count, row.blind, row.loss],
    ],
  },
};

const ROWS_AT_ONCE = 500;
/** RFC 4180. A text that a table program would take for a formula gets an apostrophe before it. */
const FORM = {
  escape_formulas: true,
  record_delimiter: 'windows',
  cast: { boolean: (value: boolean) => String(value) },
} as const;

/** Writes one list as CSV, in pieces, with a first row of the columns' names. Sentences tell the site's time. */
export async function* writeCsv(
  snapshot: SiteSnapshot,
  { what, filter, timeZone }: { what: CsvList; filter: CsvFilter; timeZone: string },
): AsyncGenerator<string> {
  const { columns, select, cells } = LISTS[what];
  let held: (readonly Cell[])[] = [columns];
  for await (const row of readCopiedRows<Row>(snapshot.copy(select(filter, snapshot.quote)))) {
    held.push(cells(row, timeZone));
    if (held.length < ROWS_AT_ONCE) continue;
    yield stringify(held, FORM);
    held = [];
  }
  if (held.length > 0) yield stringify(held, FORM);
}

/** The target's name first, as in the list. */
function namesOf(row: Row): string {
  const names: readonly string[] = row.names;
  return [...new Set(row.target_name ? [row.target_name, ...names] : names)].join(' ');
}
