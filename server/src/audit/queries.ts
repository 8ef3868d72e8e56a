import type { AuditQuery } from '@netdelta/core/api/audit.ts';
import type { AuditEntry } from '@netdelta/core/audit/entry.ts';
import { type Selectable, sql } from 'kysely';
import type { SiteTransaction } from '../db/database.ts';
import type { AuditEntriesTable } from '../db/record-tables.ts';

export type AuditRow = Selectable<AuditEntriesTable>;

/**
 * Makes all who write into these sites' chains wait for each other until the transaction ends; always
 * in the same order, or two of them could wait crosswise.
 */
export async function lockChains(tx: SiteTransaction, siteIds: readonly string[]): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('audit ' || id, 0))
    from (select id from unnest(${siteIds}::text[]) id order by id) ordered`.execute(tx);
}

/** The last entry of each of these sites; none where there is none yet. */
export async function selectLastEntries(
  tx: SiteTransaction,
  siteIds: readonly string[],
): Promise<ReadonlyMap<string, { number: string; hash: Buffer }>> {
  const { rows } = await sql<{ id: string; number: string; hash: Buffer }>`
    select site.id, last.number, last.hash from unnest(${siteIds}::uuid[]) site (id)
    cross join lateral (
      select number, hash from audit_entries where site_id = site.id order by number desc limit 1
    ) last`.execute(tx);
  return new Map(rows.map(({ id, ...last }) => [id, last]));
}

/** One statement takes at most 65,535 values. */
const AT_ONCE = 2_000;

export async function insertEntries(
  tx: SiteTransaction,
  entries: readonly { readonly entry: AuditEntry; readonly hash: Buffer }[],
): Promise<void> {
  for (let done = 0; done < entries.length; done += AT_ONCE)
    await tx
      .insertInto('audit_entries')
      .values(entries.slice(done, done + AT_ONCE).map(({ entry, hash }) => rowOf(entry, hash)))
      .execute();
}

function rowOf(
  { siteId, userAgent, actor, subject, before, after, ...entry }: AuditEntry,
  hash: Buffer,
) {
  return {
    ...entry,
    site_id: siteId,
    user_agent: userAgent,
    actor: JSON.stringify(actor),
    subject: JSON.stringify(subject),
    before: before && JSON.stringify(before),
    after: after && JSON.stringify(after),
    hash,
  };
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
