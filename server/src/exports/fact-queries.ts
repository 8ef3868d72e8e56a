import type { ExportLineType } from '@netdelta/core/api/export.ts';
import { HOST_STATUSES, hostStatusCode } from '@netdelta/core/host/status.ts';
import { sql } from 'kysely';
import type { SiteTransaction } from '../db/database.ts';
import { toldSince, toldStatus } from '../db/told-status-queries.ts';
import { columnOf, FACTS, type Fact, type Field, type FieldForm } from './facts.ts';

const STATUS_NAMES = `array[${HOST_STATUSES.map(({ name }) => `'${name}'`).join(',')}]`;

/** From a column to a field, and back. */
const FORMS: Readonly<
  Record<FieldForm, { write: (column: string) => string; read: (field: string) => string }>
> = {
  plain: { write: (column) => column, read: (field) => field },
  status: {
    write: (column) => `(${STATUS_NAMES})[${column} + 1]`,
    read: (field) => `array_position(${STATUS_NAMES}, ${field}) - 1`,
  },
  rule: {
    write: (column) =>
      `case ${column} when 0 then to_jsonb('evidence'::text) else to_jsonb(${column}) end`,
    read: (field) => `case ${field} when 'evidence' then 0 else ${field}::smallint end`,
  },
  bytes: {
    write: (column) => `translate(encode(${column}, 'base64'), E'\\n', '')`,
    read: (field) => `decode(${field}, 'base64')`,
  },
  hex: {
    write: (column) => `encode(${column}, 'hex')`,
    read: (field) => `decode(${field}, 'hex')`,
  },
  number: { write: (column) => `${column}::text`, read: (field) => `${field}::bigint` },
};

interface Wish {
  readonly groupId: string | null;
  readonly details: boolean;
}

const ONE_GROUP: Readonly<Record<ExportLineType, string>> = {
  settings: 'true',
  profile: 'id = (select profile_id from groups where id = $)',
  group: 'id = $',
  schedule: 'group_id = $',
  scan: 'group_id = $',
  coverage:
    'id in (select known_coverage_id from hosts where group_id = $ union select known_coverage_id from host_intervals where group_id = $)',
  sightBase: 'group_id = $',
  shard: 'scan_id in (select id from scans where group_id = $)',
  host: 'group_id = $',
  hostInterval: 'group_id = $',
  serviceInterval: 'group_id = $',
  displacedHost: 'group_id = $',
  refutation: 'group_id = $',
  delta: 'group_id = $',
};

/** Of intervals all columns but those that are told by the scan, too. */
const INTERVAL_COLUMNS = Object.entries<Field>(FACTS.hostInterval.fields)
  .map(([name, field]) => columnOf(name, field))
  .filter((column) => !['valid_from', 'valid_to', 'status', 'scan_id', 'differs'].includes(column))
  .map((column) => `i.${column}`)
  .join(', ');

/** Rows as they are told where they are stored otherwise: NEW becomes UP without being written (decision 28). */
const TOLD: Partial<Record<ExportLineType, string>> = {
  host: `(select h.*, ${toldStatus('h')} as told_status, ${toldSince('h')} as told_since from hosts as h)`,
  hostInterval: `(select ${INTERVAL_COLUMNS}, p.* from host_intervals as i
    left join scans as k on i.status = ${hostStatusCode('NEW')} and k.site_id = i.site_id and k.id = i.scan_id
      and k.new_until < coalesce(i.valid_to, 'infinity')
    cross join lateral (
      select i.status, i.valid_from, coalesce(k.new_until, i.valid_to) as valid_to, i.scan_id, i.differs
      union all select ${hostStatusCode('UP')}, k.new_until, i.valid_to, k.new_until_scan_id, false where k.new_until is not null
    ) as p)`,
};
const TOLD_COLUMNS: Readonly<Record<string, string>> = {
  'host.status': 'told_status',
  'host.statusSince': 'told_since',
};

/**
 * The query whose rows are the lines of one type, as JSON texts. Sorted within, so that the texts are
 * made row by row and never sorted themselves. `quote` makes a text of SQL of the group's id.
 */
export function selectLines(
  type: ExportLineType,
  { groupId, details }: Wish,
  quote: (value: string) => string,
): string {
  const { table, order, fields }: Fact = FACTS[type];
  const columns = Object.entries(fields).map(([name, field]) => {
    const left = field.detail && !details;
    const column = TOLD_COLUMNS[`${type}.${name}`] ?? columnOf(name, field);
    return `${left ? 'null' : FORMS[field.form ?? 'plain'].write(column)} as "${name}"`;
  });
  // A function, so that no `$` of the replacement means anything.
  // Without details there is nothing that would need them.
  const asked = type === 'sightBase' && !details ? 'false' : 'true';
  const ofGroup =
    groupId === null ? 'true' : ONE_GROUP[type].replaceAll('$', () => `${quote(groupId)}::uuid`);
  return `select row_to_json(line) from (
    select '${type}' as type, ${columns.join(', ')} from ${TOLD[type] ?? table} as t where ${asked} and ${ofGroup} order by ${order}) as line`;
}

/** A column that a line does not hold itself, by the field of a row in which it is given. */
export type ExtraFields = Readonly<Record<string, Field>>;

/** Stores rows of one type for a site, whatever else they say. A row has the fields of its line, in JSON. */
export async function insertLines(
  tx: SiteTransaction,
  { siteId, type, extra = {} }: { siteId: string; type: ExportLineType; extra?: ExtraFields },
  json: string,
): Promise<void> {
  const { table, fields }: Fact = FACTS[type];
  const all = Object.entries({ ...fields, ...extra }).filter(([, { anew }]) => !anew);
  const columns = all.map(([name, field]) => columnOf(name, field));
  const values = all.map(([name, { form = 'plain' }]) => FORMS[form].read(`"${name}"`));
  const given = all.map(([name, { type: own, form = 'plain' }]) => {
    return `"${name}" ${form === 'plain' ? own : 'text'}`;
  });
  await sql`insert into ${sql.raw(table)} (site_id, ${sql.raw(columns.join(', '))})
    select ${siteId}::uuid, ${sql.raw(values.join(', '))}
    from json_to_recordset(${json}::json) as line (${sql.raw(given.join(', '))})`.execute(tx);
}
