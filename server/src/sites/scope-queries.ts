import type { ScopeRequest } from '@netdelta/core/api/scope.ts';
import type { ScopeLayer } from '@netdelta/core/scope/scope.ts';
import type { Target } from '@netdelta/core/target/target.ts';
import { type Kysely, sql } from 'kysely';
import type { SiteTransaction } from '../db/database.ts';
import type { Tables } from '../db/tables.ts';

/** Within a site, or the platform's door. */
type Db = Kysely<Tables>;

/** A day as text: the driver would make an instant of it. */
const validUntil = sql<string | null>`to_char(valid_until, 'YYYY-MM-DD')`.as('valid_until');

const COLUMNS = [
  'site_id',
  'id',
  'laid_by',
  'targets_text',
  'address_count',
  'name_count',
  'authorised_by',
  'note',
  'created_at',
  'updated_at',
] as const;

/** What a scan has to know: who allowed what, until when, and the calendar of the site. */
export async function selectScopeRules(db: Db, siteId: string) {
  return db
    .selectFrom('scope_entries as e')
    .innerJoin('sites as s', 's.id', 'e.site_id')
    .select(['e.laid_by as laidBy', 'e.targets', 's.time_zone as timeZone'])
    .select(sql<string | null>`to_char(e.valid_until, 'YYYY-MM-DD')`.as('validUntil'))
    .where('e.site_id', '=', siteId)
    .execute();
}

/** All entries of a site, the platform's first, then the oldest. */
export function selectScopeEntries(db: Db, siteId: string) {
  return db
    .selectFrom('scope_entries')
    .select(COLUMNS)
    .select(validUntil)
    .where('site_id', '=', siteId)
    .orderBy('laid_by')
    .orderBy('created_at')
    .orderBy('id')
    .execute();
}
export type ScopeEntryRow = Awaited<ReturnType<typeof selectScopeEntries>>[number];

export interface ScopePlace {
  readonly siteId: string;
  readonly laidBy: ScopeLayer;
}

/** One entry of this layer; undefined: there is none. */
export function selectScopeEntry(db: Db, { siteId, laidBy }: ScopePlace, id: string) {
  return db
    .selectFrom('scope_entries')
    .select(COLUMNS)
    .select(validUntil)
    .where('site_id', '=', siteId)
    .where('laid_by', '=', laidBy)
    .where('id', '=', id)
    .executeTakeFirst();
}

/** Makes all who change one layer of a site's scope wait for each other until the transaction ends. */
export async function lockScope(db: Db, { siteId, laidBy }: ScopePlace): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`scope ${laidBy} ${siteId}`}, 0))`.execute(
    db,
  );
}

/** How many entries, and ranges and names in them, a layer has besides one. */
export async function selectScopeSize(
  db: Db,
  { siteId, laidBy }: ScopePlace,
  besides: string | null,
): Promise<{ entries: number; targets: number }> {
  return db
    .selectFrom('scope_entries')
    .select([
      sql<number>`count(*)::int`.as('entries'),
      sql<number>`coalesce(sum(jsonb_array_length(targets)), 0)::int`.as('targets'),
    ])
    .where('site_id', '=', siteId)
    .where('laid_by', '=', laidBy)
    .where(sql<boolean>`id is distinct from ${besides}::uuid`)
    .executeTakeFirstOrThrow();
}

export interface ReadEntry extends Omit<ScopeRequest, 'targets'> {
  readonly text: string;
  readonly targets: readonly Target[];
  readonly addressCount: bigint;
  readonly nameCount: number;
}

function columnsOf({ text, targets, authorisedBy, validUntil: until, note, ...counts }: ReadEntry) {
  return {
    targets_text: text,
    targets: JSON.stringify(targets),
    // More than a bigint holds is as many as it does.
    address_count: (counts.addressCount > MOST ? MOST : counts.addressCount).toString(),
    name_count: counts.nameCount,
    authorised_by: authorisedBy,
    valid_until: until,
    note,
  };
}

const MOST = 2n ** 53n - 1n;

export async function insertScopeEntry(
  db: Db,
  { siteId, laidBy }: ScopePlace,
  entry: ReadEntry,
): Promise<string> {
  const { id } = await db
    .insertInto('scope_entries')
    .values({ site_id: siteId, laid_by: laidBy, ...columnsOf(entry) })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

export async function updateScopeEntry(
  db: Db,
  { siteId, laidBy }: ScopePlace,
  { id, entry }: { id: string; entry: ReadEntry },
): Promise<void> {
  await db
    .updateTable('scope_entries')
    .set({ ...columnsOf(entry), updated_at: sql`now()` })
    .where('site_id', '=', siteId)
    .where('laid_by', '=', laidBy)
    .where('id', '=', id)
    .execute();
}

export async function deleteScopeEntry(
  db: Db,
  { siteId, laidBy }: ScopePlace,
  id: string,
): Promise<void> {
  await db
    .deleteFrom('scope_entries')
    .where('site_id', '=', siteId)
    .where('laid_by', '=', laidBy)
    .where('id', '=', id)
    .execute();
}

/** Authorisations that end before a day (`2026-11-24`), those that expired first; a few of them. */
export function selectScopeEndings(tx: SiteTransaction, siteId: string, before: string) {
  return tx
    .selectFrom('scope_entries')
    .select(['authorised_by', sql<string>`left(targets_text, 200)`.as('targets_text')])
    .select(sql<string>`to_char(valid_until, 'YYYY-MM-DD')`.as('valid_until'))
    .where('site_id', '=', siteId)
    .where(sql<boolean>`valid_until < ${before}::date`)
    .orderBy('scope_entries.valid_until')
    .limit(5)
    .execute();
}

/** What groups would ask, in pieces by id: all of a large site may be more than memory holds. */
export function selectGroupTargets(
  tx: SiteTransaction,
  { beyond, limit }: { beyond: string; limit: number },
) {
  return tx
    .selectFrom('groups')
    .select(['id', 'name', 'targets', 'exclusions', 'beacons'])
    .where('id', '>', beyond)
    .orderBy('id')
    .limit(limit)
    .execute();
}
