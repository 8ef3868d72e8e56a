import type { ScanStatus } from '@netdelta/core/api/scans.ts';
import type { Delta } from '@netdelta/core/delta/delta.ts';
import type { DeltaKind } from '@netdelta/core/delta/kinds.ts';
import type { Rated, Rating } from '@netdelta/core/evidence/rating.ts';
import type { Identity } from '@netdelta/core/host/identity.ts';
import type { ScanOptions } from '@netdelta/core/profile/options.ts';
import type { DateLocale } from '@netdelta/core/site/date-locales.ts';
import type { Protocol, UncoveredHost } from '@netdelta/core/snapshot/snapshot.ts';
import type { Target } from '@netdelta/core/target/target.ts';
import type { Generated } from 'kysely';
import type {
  CoveragesTable,
  DisplacedHostsTable,
  GroupTalliesTable,
  HostIntervalsTable,
  HostsTable,
  RefutationsTable,
  SearchBlocksTable,
  ServiceIntervalsTable,
  ServiceTextsTable,
} from './belief-tables.ts';
import type { DefaultJson, Json, NullableJson, NullableTime, Time } from './columns.ts';
import type { PeopleTables } from './people-tables.ts';
import type { RecordTables } from './record-tables.ts';
import type { SchedulesTable } from './schedule-tables.ts';
import type { SignOnTables } from './sign-on-tables.ts';
import type { ScopeEntriesTable, SiteLogosTable } from './site-tables.ts';

export interface SitesTable {
  id: Generated<string>;
  slug: string;
  name: string;
  time_zone: Generated<string>;
  /** The newest that a shard of it has among those of all sites. */
  turn: Generated<number>;
  target_limit: Generated<number>;
  history_window: Generated<number>;
  danger_ports: Generated<string>;
  detail_days: Generated<number>;
  /** Null: for ever. */
  history_months: number | null;
  retention_next_at: Time;
  second_factor_demanded: Generated<boolean>;
  group_limit: Generated<number>;
  running_scan_limit: number | null;
  import_limit: Generated<number>;
  date_locale: Generated<DateLocale>;
  deactivated_at: NullableTime;
  deleting_since: NullableTime;
  rows_deleted: Generated<string>;
  created_at: Time;
}

export interface ProfilesTable {
  site_id: string;
  id: Generated<string>;
  name: string;
  description: Generated<string>;
  built_in: Generated<boolean>;
  options: Json<ScanOptions>;
  created_at: Time;
  updated_at: Time;
}

export interface GroupsTable {
  site_id: string;
  id: Generated<string>;
  name: string;
  description: Generated<string>;
  owner: Generated<string>;
  targets_text: string;
  exclusions_text: Generated<string>;
  targets: Json<Target[]>;
  exclusions: Json<Target[]>;
  address_count: number;
  name_count: Generated<number>;
  profile_id: string;
  /** 0: by evidence; see down-after. */
  down_after: Generated<number>;
  service_down_after: Generated<number>;
  beacons: Generated<string>;
  identity: Generated<Identity>;
  history_from: NullableTime;
  deleting_since: NullableTime;
  rows_deleted: Generated<string>;
  recipients: Generated<string[]>;
  created_at: Time;
  updated_at: Time;
}

export interface ScanProblem {
  what: string;
  message: string;
}

export interface ScansTable {
  site_id: string;
  id: Generated<string>;
  group_id: string;
  status: ScanStatus;
  trigger: 'person' | 'schedule' | 'import';
  schedule_id: string | null;
  started_by: string | null;
  first: Generated<boolean>;
  previous_scan_id: string | null;
  profile_name: string;
  options: Json<ScanOptions>;
  down_after: number;
  service_down_after: Generated<number>;
  number: Generated<number>;
  blind: Generated<boolean>;
  loss: number | null;
  identity: Generated<Identity>;
  engine: string | null;
  engine_version: string | null;
  engine_choice: string | null;
  /** Of an imported scan: its file, and the SHA-256 of what that holds. */
  file_name: string | null;
  file_digest: Buffer | null;
  address_count: Generated<number>;
  shard_count: Generated<number>;
  shards_done: Generated<number>;
  hosts_up: Generated<number>;
  services_open: Generated<number>;
  delta_count: Generated<number>;
  /** An address_set (db/address-set); null before its end. */
  covered: string | null;
  uncovered_count: Generated<number>;
  details_expired_at: NullableTime;
  has_details: Generated<boolean>;
  history_expired_at: NullableTime;
  has_history: Generated<boolean>;
  /** Until when hosts were NEW by this scan, and by which scan they are UP since; null: they still are. */
  new_until: NullableTime;
  new_until_scan_id: string | null;
  /** An address_set: hosts that stay NEW though this scan covered them. */
  still_new: string | null;
  problems: DefaultJson<ScanProblem[]>;
  created_at: Time;
  started_at: NullableTime;
  finished_at: NullableTime;
}

export type ShardStatus = 'queued' | 'running' | 'finished' | 'partial' | 'failed' | 'cancelled';

export interface ShardProgress {
  /** 0–1 */
  fraction: number;
  hostsUp: number;
  servicesOpen: number;
}

/** What asking again cost a shard, and what it found. */
export interface ConfirmationCost {
  probes: number;
  ms: number;
  /** The probability 0–1 that a live endpoint of the shard leaves one probe unanswered; null: not known. */
  loss: number | null;
  refuted: number;
  confirmed: number;
  undecided: number;
  unasked: number;
}

export interface ShardsTable {
  site_id: string;
  scan_id: string;
  number: number;
  /** An address_set (db/address-set). */
  addresses: string;
  address_count: number;
  names: DefaultJson<Record<string, string>>;
  status: ShardStatus;
  attempts: Generated<number>;
  engine: string | null;
  engine_version: string | null;
  arguments: string[] | null;
  progress: DefaultJson<ShardProgress>;
  covered_count: Generated<number>;
  uncovered: DefaultJson<UncoveredHost[]>;
  problem: string | null;
  output: Buffer | null;
  confirmation: NullableJson<ConfirmationCost>;
  sight: Buffer | null;
  /** The sight is what differs from this one; null: it is whole. */
  sight_base_id: string | null;
  started_at: NullableTime;
  finished_at: NullableTime;
  /** Its place among the waiting ones of its site. */
  turn: Generated<number>;
  /** Which job holds it; null: none, or that of its own number. */
  job_scan_id: string | null;
  job_number: number | null;
}

export interface SightBasesTable {
  site_id: string;
  id: Generated<string>;
  group_id: string;
  shard_number: number;
  sight: Buffer;
  created_at: Time;
}

export interface DeltasTable {
  site_id: string;
  id: Generated<string>;
  group_id: string;
  scan_id: string | null;
  at: Time;
  kind: DeltaKind;
  address: string | null;
  target: string | null;
  protocol: Protocol | null;
  port: number | null;
  before: NullableJson<Delta['before']>;
  after: NullableJson<Delta['after']>;
  evidence: Json<Delta['evidence']>;
  rating: Rating | null;
  rated: NullableJson<Rated>;
}

export interface Tables extends PeopleTables, SignOnTables, RecordTables {
  sites: SitesTable;
  profiles: ProfilesTable;
  groups: GroupsTable;
  schedules: SchedulesTable;
  scans: ScansTable;
  coverages: CoveragesTable;
  shards: ShardsTable;
  sight_bases: SightBasesTable;
  hosts: HostsTable;
  host_intervals: HostIntervalsTable;
  service_intervals: ServiceIntervalsTable;
  service_texts: ServiceTextsTable;
  search_blocks: SearchBlocksTable;
  group_tallies: GroupTalliesTable;
  displaced_hosts: DisplacedHostsTable;
  refutations: RefutationsTable;
  deltas: DeltasTable;
  scope_entries: ScopeEntriesTable;
  site_logos: SiteLogosTable;
}
