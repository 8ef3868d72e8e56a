import type { Contact } from '@netdelta/core/evidence/contact.ts';
import type { DoubtKind } from '@netdelta/core/evidence/doubt.ts';
import type { Finding } from '@netdelta/core/evidence/finding.ts';
import type { Unsteady } from '@netdelta/core/evidence/flapping.ts';
import type { HostBelief } from '@netdelta/core/host/belief.ts';
import type { HostStatusCode } from '@netdelta/core/host/status.ts';
import type { Protocol, ScriptOutput, ServiceFacts } from '@netdelta/core/snapshot/snapshot.ts';
import type { ColumnType, Generated } from 'kysely';
import type { DefaultJson, Json, NullableJson, NullableTime, Time } from './columns.ts';

export interface CoveragesTable {
  site_id: string;
  id: ColumnType<string, never, never>;
  tcp: string;
  udp: string;
  digest: ColumnType<Buffer, never, never>;
}

/** A text of services in small letters, and how they name it (`search_key`). May stand here twice. */
export interface ServiceTextsTable {
  site_id: string;
  key: string;
  text: string;
  unused_since: NullableTime;
}

/** What the hosts of 64 addresses in a row hold, to be searched; of each host in one row at least. */
export interface SearchBlocksTable {
  site_id: string;
  group_id: string;
  /** Its first address. */
  block: string;
  text: string;
}

/** What was added to, or taken from, the numbers of a group's hosts of a status and of their open services. */
export interface GroupTalliesTable {
  site_id: string;
  group_id: string;
  status: HostStatusCode;
  /** Of NEW ones: their scan. They count as UP when its `new_until` has come. */
  scan_id: string | null;
  hosts: number;
  services: number;
}

export interface DisplacedHostsTable {
  site_id: string;
  id: Generated<string>;
  group_id: string;
  belief: Json<HostBelief>;
  down_after: number | null;
  service_down_after: number | null;
  first_seen_at: NullableTime;
  displaced_at: Time;
}

export interface HostIntervalsTable {
  site_id: string;
  group_id: string;
  address: string;
  valid_from: Time;
  valid_to: NullableTime;
  status: HostStatusCode;
  scan_id: string | null;
  known_coverage_id: string | null;
  names: Generated<string[]>;
  mac: string | null;
  mac_vendor: string | null;
  os: string | null;
  answers_everything: Generated<boolean>;
  /** From the interval before, in what a comparison of two instants looks at. */
  differs: Generated<boolean>;
}

export interface HostsTable {
  site_id: string;
  group_id: string;
  address: string;
  target_name: string | null;
  status: HostStatusCode;
  reason: string;
  seen_by: string | null;
  names: Generated<string[]>;
  mac: string | null;
  mac_vendor: string | null;
  os: string | null;
  known_coverage_id: string | null;
  silence_scans: Generated<number>;
  silence_since_scan: string | null;
  silence_since: NullableTime;
  silence_likelihood: number | null;
  contacts: Generated<Contact[]>;
  unsteady: DefaultJson<readonly Unsteady[]>;
  answers_everything: Generated<boolean>;
  down_after: number | null;
  service_down_after: number | null;
  status_since: Time;
  first_seen_at: NullableTime;
  last_scan_id: string | null;
}

export interface RefutationsTable {
  site_id: string;
  id: Generated<string>;
  group_id: string;
  scan_id: string;
  at: Time;
  address: string;
  protocol: Protocol | null;
  port: number | null;
  kind: DoubtKind;
  finding: Json<Finding>;
}

export interface ServiceIntervalsTable {
  site_id: string;
  group_id: string;
  address: string;
  protocol: Protocol;
  port: number;
  valid_from: Time;
  valid_to: NullableTime;
  /** When it was first seen, if that was at another address; null: `valid_from`. */
  since: NullableTime;
  scan_id: string;
  reason: string;
  service: NullableJson<ServiceFacts>;
  scripts: NullableJson<ScriptOutput[]>;
  silence_scans: Generated<number>;
  silence_since_scan: string | null;
  silence_since: NullableTime;
  silence_likelihood: number | null;
  /** How it ended; null: not yet, or it became another service. */
  end_state: 'closed' | 'filtered' | null;
  end_reason: string | null;
}
