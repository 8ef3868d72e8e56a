import type { CsvFilter } from '@netdelta/core/api/export.ts';
import { hostStatusCode } from '@netdelta/core/host/status.ts';
import { isTold, toldSince, toldStatus } from '../db/told-status-queries.ts';
import { readSought } from '../deltas/search-text-queries.ts';

type Quote = (value: string) => string;
/** The statuses of hosts that are believed to be up. */
const ANSWERING = (['NEW', 'UP', 'CHANGED', 'MISSED', 'RETURNED'] as const)
  .map(hostStatusCode)
  .join(', ');
const openServices =
  's.site_id = h.site_id and s.group_id = h.group_id and s.address = h.address and s.valid_to is null';
const ofGroup = 'join groups as g on g.site_id = h.site_id and g.id = h.group_id';

/** A query of rows as JSON texts, for a snapshot's copy. Conditions that are null ask nothing. */
function selectRows(query: string, conditions: readonly (string | null)[], order: string): string {
  const where = conditions.filter((condition) => condition !== null).join(' and ') || 'true';
  return `select row_to_json(line) from (${query} where ${where} order by ${order}) as line`;
}

const equals = (column: string, value: string | undefined, quote: Quote) =>
  value === undefined ? null : `${column} = ${quote(value)}`;

/** Hosts as their list shows them, in the order of groups and addresses. */
export function selectHostRows({ groupId, status, text, port }: CsvFilter, quote: Quote): string {
  return selectRows(
    `select h.*, ${toldStatus('h')} as told_status, ${toldSince('h')} as told_since, g.name as group_name, (select count(*) from service_intervals as s where ${openServices}) as service_count
      from hosts as h ${ofGroup}`,
    [
      equals('h.group_id', groupId, quote),
      status === undefined ? null : isTold('h', hostStatusCode(status)),
      port === undefined
        ? null
        : `exists (select from service_intervals as s where ${openServices} and s.port = ${Number(port)})`,
      text ? `(h.address, h.group_id) in (${searchHosts(text, quote)})` : null,
    ],
    'h.group_id, h.address',
  );
}

/** More than any site has. */
const ALL_HOSTS = 1_000_000_000;

/** All hosts that the list of hosts finds by a text. */
function searchHosts(typed: string, quote: Quote): string {
  const { text, firsts, lasts } = readSought(typed);
  const addresses = (list: readonly string[] | null) =>
    list ? `array[${list.map(quote).join(', ')}]::inet[]` : 'null';
  return `select address, group_id from search_hosts(${quote(text)}, ${addresses(firsts)}, ${addresses(lasts)},
    null, null, null, null, null, ${ALL_HOSTS})`;
}

/** Services that are believed to be open, of hosts that are believed to be up. */
export function selectServiceRows({ groupId }: CsvFilter, quote: Quote): string {
  return selectRows(
    `select s.*, g.name as group_name from hosts as h ${ofGroup} join service_intervals as s on ${openServices}`,
    [equals('h.group_id', groupId, quote), `h.status in (${ANSWERING})`],
    's.group_id, s.address, s.protocol, s.port',
  );
}

/** Deltas, the oldest first. */
export function selectDeltaRows(filter: CsvFilter, quote: Quote): string {
  const { groupId, scanId, address, kind, rating } = filter;
  return selectRows(
    `select h.id::text as number, h.*, g.name as group_name from deltas as h ${ofGroup}`,
    [
      equals('h.group_id', groupId, quote),
      equals('h.scan_id', scanId, quote),
      equals('h.kind', kind, quote),
      equals('h.rating', rating, quote),
      address === undefined
        ? null
        : `(h.address = ${quote(address)}::inet or (h.kind in ('subnet.down', 'subnet.returned')
            and h.before->'addresses' ? ${quote(address)}))`,
    ],
    'h.id',
  );
}

/** Scans, the oldest of each group first. */
export function selectScanRows({ groupId }: CsvFilter, quote: Quote): string {
  return selectRows(
    `select h.*, g.name as group_name from scans as h ${ofGroup}`,
    [equals('h.group_id', groupId, quote)],
    'h.group_id, h.created_at, h.id',
  );
}

/** Hosts with their open services, for a document of nmap's; those that were never covered are left out. */
export function selectBelievedHosts(groupId: string | null, quote: Quote): string {
  const service = `json_build_object('protocol', s.protocol, 'port', s.port, 'reason', s.reason,
    'service', s.service, 'scripts', s.scripts)`;
  return selectRows(
    `select h.address, h.status in (${ANSWERING}) as up, h.reason, h.names, h.mac, h.mac_vendor, h.os,
      h.known_coverage_id::text as coverage_id, case when h.status in (${ANSWERING}) then
        (select json_agg(${service} order by s.protocol, s.port) from service_intervals as s where ${openServices})
      end as services from hosts as h`,
    [
      equals('h.group_id', groupId ?? undefined, quote),
      `h.status not in (${hostStatusCode('ADDED')}, ${hostStatusCode('REMOVED')})`,
    ],
    'h.group_id, h.address',
  );
}

/** The different coverages of hosts that are believed to be up; a null among them: of some nothing is known. */
export function selectKnownCoverages(groupId: string | null, quote: Quote): string {
  return selectRows(
    `select h.coverage_id::text, c.tcp, c.udp from (select distinct known_coverage_id as coverage_id, site_id
        from hosts where status in (${ANSWERING}) and ${equals('group_id', groupId ?? undefined, quote) ?? 'true'}) as h
      left join coverages as c on c.site_id = h.site_id and c.id = h.coverage_id`,
    [],
    'h.coverage_id',
  );
}
