import type { GroupView, ProfileView, ScheduleView } from '@netdelta/core/api/groups.ts';
import type { AuditSide } from '@netdelta/core/audit/entry.ts';

/** What of a group a person decides: not what scans found of it. */
export function auditedGroup({
  id: _id,
  profileId: _profileId,
  addressCount: _addressCount,
  nameCount: _nameCount,
  statusCounts: _statusCounts,
  lastScan: _lastScan,
  nextRunAt: _nextRunAt,
  deletingSince: _deletingSince,
  rowsDeleted: _rowsDeleted,
  createdAt: _createdAt,
  updatedAt: _updatedAt,
  ...decided
}: GroupView): AuditSide {
  return decided;
}

/** What of a profile a person decides. */
export function auditedProfile({ name, description, options }: ProfileView): AuditSide {
  return { name, description, options };
}

/** What of a schedule a person decides. */
export function auditedSchedule(schedule: ScheduleView): AuditSide {
  const { groupName, timing, missed, overlap, enabled } = schedule;
  return { groupName, timing, missed, overlap, enabled };
}
