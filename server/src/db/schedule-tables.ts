import type {
  MissedPolicy,
  OverlapPolicy,
  ScheduleTiming,
} from '@netdelta/core/schedule/schedule.ts';
import type { Generated } from 'kysely';
import type { Json, NullableTime, Time } from './columns.ts';

export interface SchedulesTable {
  site_id: string;
  id: Generated<string>;
  group_id: string;
  timing: Json<ScheduleTiming>;
  missed: MissedPolicy;
  overlap: OverlapPolicy;
  enabled: Generated<boolean>;
  next_run_at: NullableTime;
  last_run_at: NullableTime;
  last_outcome: string | null;
  created_at: Time;
  updated_at: Time;
}
