import { endpointOf } from '@netdelta/core/evidence/contact.ts';
import type { Finding } from '@netdelta/core/evidence/finding.ts';
import { sql } from 'kysely';
import type { SiteTransaction } from '../db/database.ts';
import type { Place } from './belief-queries.ts';

const ROWS_AT_ONCE = 1_000;
const SHOWN = 50;

/** Enters the changes that asking again refuted into the ledger. */
export async function insertRefutations(
  tx: SiteTransaction,
  place: Place,
  findings: readonly Finding[],
): Promise<void> {
  const rows = findings
    .filter(({ outcome }) => outcome === 'refuted')
    .map((finding) => {
      const endpoint = finding.doubt.endpoint && endpointOf(finding.doubt.endpoint);
      return {
        site_id: place.siteId,
        group_id: place.groupId,
        scan_id: place.scanId,
        at: place.at,
        address: finding.doubt.address,
        protocol: endpoint?.protocol ?? null,
        port: endpoint?.port ?? null,
        kind: finding.doubt.kind,
        finding: JSON.stringify(finding),
      };
    });
  for (let start = 0; start < rows.length; start += ROWS_AT_ONCE)
    await tx
      .insertInto('refutations')
      .values(rows.slice(start, start + ROWS_AT_ONCE))
      .execute();
}

export type RefutationRow = Awaited<ReturnType<typeof selectRefutations>>[number];

/** What of a host looked changed and was not, newest first. */
export function selectRefutations(tx: SiteTransaction, groupId: string, address: string) {
  return tx
    .selectFrom('refutations')
    .selectAll()
    .where('group_id', '=', groupId)
    .where('address', '=', address)
    .orderBy('id', 'desc')
    .limit(SHOWN)
    .execute();
}

/** How many false alarms asking again has avoided in the last seven days. */
export async function selectAvoidedThisWeek(tx: SiteTransaction): Promise<number> {
  const { avoided } = await tx
    .selectFrom('refutations')
    .select(sql<number>`count(*)::int`.as('avoided'))
    .where('at', '>', sql<Date>`now() - interval '7 days'`)
    .executeTakeFirstOrThrow();
  return avoided;
}
