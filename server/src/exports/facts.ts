import type { ExportLineType } from '@netdelta/core/api/export.ts';

/**
 * How a column is written as a field: as it is; `status` by its name; `rule` as "evidence" or a
 * number; `bytes` as base64; `number` (bigint) as text; `hex`.
 */
export type FieldForm = 'plain' | 'status' | 'rule' | 'bytes' | 'number' | 'hex';

/** A field of a line: its column (of its own name in snake case, unless told), and that one's type. */
export interface Field {
  readonly column?: string;
  readonly type: string;
  readonly form?: FieldForm;
  /** Only there where details are asked for. */
  readonly detail?: true;
  /** Given anew by the database when it is restored. */
  readonly anew?: true;
}

/** A type of line: the table that it comes from, and its fields by name, in their order. */
export interface Fact {
  readonly table: string;
  /** By which the rows of `t` stand in a file: an index, or few rows. */
  readonly order: string;
  readonly fields: Readonly<Record<string, Field>>;
}

const UUID = { type: 'uuid' } as const;
const TEXT = { type: 'text' } as const;
const TEXTS = { type: 'text[]' } as const;
const TIME = { type: 'timestamptz' } as const;
const JSON_VALUE = { type: 'jsonb' } as const;
const INTEGER = { type: 'integer' } as const;
const FLAG = { type: 'boolean' } as const;
const SHARE = { type: 'double precision' } as const;
const ADDRESS = { type: 'inet' } as const;
const STATUS = { type: 'smallint', form: 'status' } as const;
const RULE = { type: 'smallint', form: 'rule' } as const;
const ADDRESSES = { type: 'address_set' } as const;
const DETAIL = { type: 'bytea', form: 'bytes', detail: true } as const;
const COVERAGE = { type: 'bigint', form: 'number', column: 'known_coverage_id' } as const;
const NEW_NUMBER = { type: 'bigint', form: 'number', anew: true } as const;

const EDITED = { createdAt: TIME, updatedAt: TIME } as const;
const RULES = { downAfter: RULE, serviceDownAfter: RULE } as const;
const OF_HOST = { groupId: UUID, address: ADDRESS } as const;
const LASTING = {
  from: { ...TIME, column: 'valid_from' },
  until: { ...TIME, column: 'valid_to' },
} as const;
const SILENT = {
  silentScans: { ...INTEGER, column: 'silence_scans' },
  silentSince: { ...TIME, column: 'silence_since' },
  silentSinceScanId: { ...UUID, column: 'silence_since_scan' },
  silenceLikelihood: SHARE,
} as const;

/** Where each field of an export comes from, and goes back to: the only place that knows. */
export const FACTS = {
  settings: {
    table: 'sites',
    order: 't.id',
    fields: {
      timeZone: TEXT,
      targetLimit: INTEGER,
      historyWindow: INTEGER,
      dangerPorts: TEXT,
      detailDays: INTEGER,
      historyMonths: INTEGER,
    },
  },
  profile: {
    table: 'profiles',
    order: 'lower(t.name)',
    fields: {
      id: UUID,
      name: TEXT,
      description: TEXT,
      builtIn: FLAG,
      options: JSON_VALUE,
      ...EDITED,
    },
  },
  group: {
    table: 'groups',
    order: 'lower(t.name)',
    fields: {
      id: UUID,
      name: TEXT,
      description: TEXT,
      owner: TEXT,
      targets: { ...TEXT, column: 'targets_text' },
      exclusions: { ...TEXT, column: 'exclusions_text' },
      profileId: UUID,
      ...RULES,
      identity: TEXT,
      beacons: TEXT,
      recipients: TEXTS,
      historyFrom: TIME,
      ...EDITED,
    },
  },
  schedule: {
    table: 'schedules',
    order: 't.group_id, t.id',
    fields: {
      id: UUID,
      groupId: UUID,
      timing: JSON_VALUE,
      missed: TEXT,
      overlap: TEXT,
      enabled: FLAG,
      nextRunAt: TIME,
      lastRunAt: TIME,
      lastOutcome: TEXT,
      ...EDITED,
    },
  },
  scan: {
    table: 'scans',
    order: 't.group_id, t.created_at, t.id',
    fields: {
      id: UUID,
      groupId: UUID,
      number: INTEGER,
      status: TEXT,
      trigger: TEXT,
      scheduleId: UUID,
      first: FLAG,
      previousScanId: UUID,
      profileName: TEXT,
      options: JSON_VALUE,
      ...RULES,
      identity: TEXT,
      blind: FLAG,
      loss: SHARE,
      engine: TEXT,
      engineVersion: TEXT,
      engineChoice: TEXT,
      addressCount: INTEGER,
      shardCount: INTEGER,
      shardsDone: INTEGER,
      hostsUp: INTEGER,
      servicesOpen: INTEGER,
      deltaCount: INTEGER,
      problems: JSON_VALUE,
      fileName: TEXT,
      fileDigest: { type: 'bytea', form: 'hex' },
      covered: ADDRESSES,
      uncoveredCount: INTEGER,
      detailsExpiredAt: TIME,
      hasDetails: FLAG,
      historyExpiredAt: TIME,
      hasHistory: FLAG,
      createdAt: TIME,
      startedAt: TIME,
      finishedAt: TIME,
    },
  },
  coverage: { table: 'coverages', order: 't.id', fields: { id: NEW_NUMBER, tcp: TEXT, udp: TEXT } },
  sightBase: {
    table: 'sight_bases',
    order: 't.id',
    fields: { id: NEW_NUMBER, groupId: UUID, shardNumber: INTEGER, sight: DETAIL, createdAt: TIME },
  },
  shard: {
    table: 'shards',
    order: 't.scan_id, t.number',
    fields: {
      scanId: UUID,
      number: INTEGER,
      addresses: ADDRESSES,
      addressCount: INTEGER,
      names: JSON_VALUE,
      status: TEXT,
      attempts: INTEGER,
      engine: TEXT,
      engineVersion: TEXT,
      arguments: TEXTS,
      progress: JSON_VALUE,
      coveredCount: INTEGER,
      uncovered: JSON_VALUE,
      problem: TEXT,
      confirmation: JSON_VALUE,
      startedAt: TIME,
      finishedAt: TIME,
      sight: DETAIL,
      sightBaseId: { type: 'bigint', form: 'number', detail: true },
      output: DETAIL,
    },
  },
  host: {
    table: 'hosts',
    order: 't.group_id, t.address',
    fields: {
      ...OF_HOST,
      targetName: TEXT,
      status: STATUS,
      statusSince: TIME,
      reason: TEXT,
      seenBy: TEXT,
      names: TEXTS,
      mac: TEXT,
      macVendor: TEXT,
      os: TEXT,
      coverageId: COVERAGE,
      ...SILENT,
      contacts: TEXTS,
      unsteady: JSON_VALUE,
      answersEverything: FLAG,
      ...RULES,
      firstSeenAt: TIME,
      lastScanId: UUID,
    },
  },
  hostInterval: {
    table: 'host_intervals',
    order: 't.group_id, t.address, t.valid_from',
    fields: {
      ...OF_HOST,
      ...LASTING,
      status: STATUS,
      scanId: UUID,
      names: TEXTS,
      mac: TEXT,
      macVendor: TEXT,
      os: TEXT,
      coverageId: COVERAGE,
      answersEverything: FLAG,
      differs: FLAG,
    },
  },
  serviceInterval: {
    table: 'service_intervals',
    order: 't.group_id, t.address, t.protocol, t.port, t.valid_from',
    fields: {
      ...OF_HOST,
      protocol: TEXT,
      port: INTEGER,
      ...LASTING,
      since: TIME,
      scanId: UUID,
      reason: TEXT,
      service: JSON_VALUE,
      scripts: JSON_VALUE,
      endState: TEXT,
      endReason: TEXT,
      ...SILENT,
    },
  },
  displacedHost: {
    table: 'displaced_hosts',
    order: 't.id',
    fields: {
      groupId: UUID,
      belief: JSON_VALUE,
      ...RULES,
      firstSeenAt: TIME,
      displacedAt: TIME,
    },
  },
  refutation: {
    table: 'refutations',
    order: 't.id',
    fields: {
      ...OF_HOST,
      scanId: UUID,
      at: TIME,
      protocol: TEXT,
      port: INTEGER,
      kind: TEXT,
      finding: JSON_VALUE,
    },
  },
  delta: {
    table: 'deltas',
    order: 't.id',
    fields: {
      id: NEW_NUMBER,
      groupId: UUID,
      scanId: UUID,
      at: TIME,
      kind: TEXT,
      address: ADDRESS,
      target: TEXT,
      protocol: TEXT,
      port: INTEGER,
      before: JSON_VALUE,
      after: JSON_VALUE,
      evidence: JSON_VALUE,
      rating: TEXT,
      rated: JSON_VALUE,
    },
  },
} as const satisfies Record<ExportLineType, Fact>;

/** What is not exported of a site, by table and column, and why. */
export const NOT_EXPORTED: Readonly<Record<string, string>> = {
  members: 'people belong to the instance',
  invitations: 'people belong to the instance',
  api_keys: 'secrets belong to the instance',
  sign_on_providers: 'who gets in how is up to the instance that restores it',
  sign_on_subjects: 'people belong to the instance',
  sign_on_trips: 'logins on their way belong to the instance',
  retention_runs: 'what retention did is no fact about the network',
  group_tallies: 'counted by the database',
  service_texts: 'made of services by the database',
  search_blocks: 'made of hosts by the database',
  'hosts.search': 'made of the others',
  'service_intervals.search_key': 'made of the others',
  scope_entries: 'who authorised what is up to the instance that restores it',
  site_logos: 'the look of its pages, chosen anew',
  'sites.date_locale': 'the look of its pages, chosen anew',
  'sites.group_limit': 'granted by its instance',
  'sites.running_scan_limit': 'granted by its instance',
  'sites.import_limit': 'granted by its instance',
  'sites.deactivated_at': "the site's own",
  'sites.deleting_since': "the site's own",
  'sites.rows_deleted': "the site's own",
  'groups.deleting_since': "the group's own",
  'groups.rows_deleted': "the group's own",
  'sites.retention_next_at': "the site's own",
  audit_entries: 'who did what belongs to the instance',
  notifications: 'mails that were sent are no facts about the network, and hold addresses',
  'sites.created_at': "the site's own",
  'sites.turn': 'of the queue of its instance',
  'shards.turn': 'of the queue of its instance',
  'shards.job_scan_id': 'of the queue of its instance',
  'shards.job_number': 'of the queue of its instance',
  'sites.second_factor_demanded': 'who gets in how is up to the instance that restores it',
  'scans.new_until': 'told by the statuses of hosts and intervals',
  'scans.new_until_scan_id': 'told by the statuses of hosts and intervals',
  'scans.still_new': 'told by the statuses of hosts and intervals',
  'scans.started_by': 'people belong to the instance',
  'groups.targets': 'read anew from the text',
  'groups.exclusions': 'read anew from the text',
  'groups.address_count': 'read anew from the text',
  'groups.name_count': 'read anew from the text',
  'coverages.digest': 'made of the others',
  'displaced_hosts.id': 'given by the database, in the same order',
  'refutations.id': 'given by the database, in the same order',
};

/** The column of a field. */
export function columnOf(name: string, { column }: Field): string {
  return column ?? name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
