import { type AuditSource, recordAudit } from '../audit/record-audit.ts';
import type { SiteTransaction } from '../db/database.ts';
import type { ScanOutcome } from './scan-lifecycle.ts';
import { selectGroupName } from './scan-queries.ts';

type Refusal = Extract<ScanOutcome, { outcome: 'refused' }>;

/** Writes down who wished to scan outside of the site's scope. Other refusals are not written down. Call it last. */
export async function recordRefusedScan(
  tx: SiteTransaction,
  siteId: string,
  refused: {
    readonly groupId: string;
    readonly outcome: Pick<Refusal, 'code' | 'reason'>;
    readonly source: AuditSource;
  },
): Promise<void> {
  const { groupId, outcome, source } = refused;
  if (outcome.code !== 'outside-scope') return;
  const name = (await selectGroupName(tx, groupId)) ?? '';
  const subject = { kind: 'group', id: groupId, name };
  const after = { reason: outcome.reason };
  await recordAudit(tx, siteId, source, { action: 'scan.refused', subject, after });
}
