import type { AuditAction } from '@netdelta/core/audit/actions.ts';
import type { AuditActor, AuditSide, AuditSubject } from '@netdelta/core/audit/entry.ts';
import type { Expired, StorageSizes } from '@netdelta/core/retention/storage.ts';
import type { ColumnType, Generated } from 'kysely';
import type { DefaultJson, Json, NullableJson, NullableTime, Time } from './columns.ts';

export interface AuditEntriesTable {
  site_id: string;
  number: ColumnType<string, number | string, never>;
  at: ColumnType<Date, string, never>;
  actor: Json<AuditActor>;
  address: string | null;
  user_agent: string | null;
  action: AuditAction;
  subject: Json<AuditSubject>;
  before: NullableJson<NonNullable<AuditSide>>;
  after: NullableJson<NonNullable<AuditSide>>;
  hash: Buffer;
}

export interface RetentionRunsTable {
  site_id: string;
  id: Generated<string>;
  started_at: Time;
  finished_at: NullableTime;
  detail_days: number;
  history_months: number | null;
  expired: DefaultJson<Expired>;
  sizes: NullableJson<StorageSizes>;
}

/** Where the platform differs from `core/profile/scripts`; of no site. */
interface ScriptRulesTable {
  name: string;
  allowed: boolean;
  changed_at: Time;
}

export interface NotificationsTable {
  site_id: string;
  id: Generated<string>;
  scan_id: string | null;
  group_id: string | null;
  recipient: string;
  subject: string;
  text: string;
  html: string;
  status: Generated<'queued' | 'sent' | 'failed'>;
  attempts: Generated<number>;
  last_error: string | null;
  next_attempt_at: NullableTime;
  created_at: Time;
  sent_at: NullableTime;
}

/** Of what happened, and of what is told. */
export interface RecordTables {
  audit_entries: AuditEntriesTable;
  retention_runs: RetentionRunsTable;
  script_rules: ScriptRulesTable;
  notifications: NotificationsTable;
}
