import type { AuditEntry } from '@netdelta/core/audit/entry.ts';
import type { AuditRow } from './queries.ts';

/** A row as the entry that was hashed. */
export function readEntry(row: AuditRow): AuditEntry {
  const { actor, address, action, subject, before, after } = row;
  return {
    siteId: row.site_id,
    number: Number(row.number),
    at: row.at.toISOString(),
    ...{ actor, address, userAgent: row.user_agent, action, subject, before, after },
  };
}
