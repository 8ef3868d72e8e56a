import type { AuditEntry } from '@netdelta/core/audit/entry.ts';
import type { AuditRow } from './queries.ts';

/** A row as the entry that was hashed. */
export function readEntry(row: AuditRow): AuditEntry {
  const { actor, address, action, subject, before, after } = row;
  return {
    siteId: row.site_id,
    number: Number(row.number),
    at: readTime(row.at),
    ...{ actor, address, userAgent: row.user_agent, action, subject, before, after },
  };
}

/** Postgres also has times without an end, which nobody wrote: whoever put one there is to be found out. */
function readTime(at: Date): string {
  return at instanceof Date && !Number.isNaN(at.getTime()) ? at.toISOString() : String(at);
}
