import type { AuditView } from '@netdelta/core/api/audit.ts';
import { describeAudit } from '@netdelta/core/audit/entry.ts';
import type { AuditRow } from './queries.ts';
import { readEntry } from './read-entry.ts';

export function presentEntry(row: AuditRow): AuditView {
  const { siteId: _siteId, ...entry } = readEntry(row);
  return { ...entry, sentence: describeAudit(entry), hash: row.hash.toString('hex') };
}
