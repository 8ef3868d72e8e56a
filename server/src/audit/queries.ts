import type { AuditQuery } from '@netdelta/core/api/audit.ts';
import type { AuditEntry } from '@netdelta/core/audit/entry.ts';
import { type Selectable, sql } from 'kysely';
import type { SiteTransaction } from '../db/database.ts';
import type { AuditEntriesTable } from '../db/record-tables.ts';

export type AuditRow = Selectable<AuditEntriesTable>;

/** Makes all who write into a site's chain wait for each other until the transaction ends. */
export async function lockChain(tx: SiteTransaction, siteId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('audit ' || ${siteId}, 0))`.execute(tx);
}

/** The last entry of a site; undefined: there is none yet. */
export function selectLastEntry(tx: SiteTransaction, siteId: string) {
  return tx
    .selectFrom('audit_entries')
    .select(['number', 'hash'])
    .where('site_id', '=', siteId)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
}

export async function insertEntry(
  tx: SiteTransaction,
  { siteId, userAgent, actor, subject, before, after, ...entry }: AuditEntry,
  hash: Buffer,
): Promise<void> {
  await tx
    .insertInto('audit_entries')
    .values({
      ...entry,
      site_id: siteId,
      user_agent: userAgent,
      actor: JSON.stringify(actor),
      subject: JSON.stringify(subject),
      before: before && JSON.stringify(before),
      after: after && JSON.stringify(after),
      hash,
    })
    .execute();
}

/** One page of entries, the newest first. */
export function selectEntries(tx: SiteTransaction, siteId: string, query: AuditQuery) {
  return tx
    .selectFrom('audit_entries')
    .selectAll()
    .where('site_id', '=', siteId)
    .$if(query.after !== undefined, (q) => q.where('number', '<', query.after as string))
    .$if(query.action !== undefined, (q) => q.where('action', '=', query.action as 'scan.started'))
    .$if(!!query.actor, (q) =>
      q.where(sql<boolean>`position(lower(${query.actor}) in lower(actor->>'name')) > 0`),
    )
    .$if(query.from !== undefined, (q) => q.where('at', '>=', new Date(query.from as string)))
    .$if(query.until !== undefined, (q) => q.where('at', '<', new Date(query.until as string)))
    .orderBy('number', 'desc')
    .limit(query.limit + 1)
    .execute();
}

/** The entries after a number, in their order: a piece of the chain. */
export function selectChain(
  tx: SiteTransaction,
  siteId: string,
  { beyond, limit }: { beyond: number; limit: number },
): Promise<AuditRow[]> {
  return tx
    .selectFrom('audit_entries')
    .selectAll()
    .where('site_id', '=', siteId)
    .where('number', '>', String(beyond))
    .orderBy('number')
    .limit(limit)
    .execute();
}
