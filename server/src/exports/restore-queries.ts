import { hostStatusCode } from '@netdelta/core/host/status.ts';
import { BUILT_IN_PROFILES } from '@netdelta/core/profile/built-in.ts';
import { sql, type Transaction } from 'kysely';
import type { SiteTransaction } from '../db/database.ts';
import type { Tables } from '../db/tables.ts';

type Tx = Transaction<Tables>;

/** The site of this slug, which no other restoring changes meanwhile; and whether it has groups. */
export async function selectSiteForUpdate(tx: Tx, slug: string) {
  return tx
    .selectFrom('sites')
    .select([
      'id',
      sql<boolean>`exists (select from groups as g where g.site_id = sites.id)`.as('hasGroups'),
    ])
    .where('slug', '=', slug)
    .forUpdate()
    .executeTakeFirst();
}

/** The person of this e-mail address; without one the first two persons that there are. */
export function selectPersons(tx: Tx, email: string | undefined) {
  return tx
    .selectFrom('users')
    .select(['id', 'email'])
    .where('home_site', 'is', null)
    .$if(email !== undefined, (q) => q.where('login_email', '=', (email as string).toLowerCase()))
    .orderBy('email')
    .limit(2)
    .execute();
}

/** Stores an empty site with its owner. */
export async function insertEmptySite(
  tx: Tx,
  { slug, name, ownerId }: { slug: string; name: string; ownerId: string },
): Promise<string> {
  const { id } = await tx
    .insertInto('sites')
    .values({ slug, name })
    .returning('id')
    .executeTakeFirstOrThrow();
  await tx.insertInto('members').values({ site_id: id, user_id: ownerId, role: 'owner' }).execute();
  return id;
}

/** Takes the built-in profiles away, which no group uses yet. */
export async function deleteBuiltInProfiles(tx: SiteTransaction): Promise<void> {
  await tx.deleteFrom('profiles').where('built_in', '=', true).execute();
}

/** Adds the built-in profiles whose names are not taken. */
export async function insertMissingProfiles(tx: SiteTransaction, siteId: string): Promise<void> {
  const rows = BUILT_IN_PROFILES.map(({ name, description, options }) => ({
    ...{ site_id: siteId, name, description, built_in: true },
    options: JSON.stringify(options),
  }));
  await tx
    .insertInto('profiles')
    .values(rows)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export interface RestoredSettings {
  readonly timeZone: string;
  readonly targetLimit: number;
  readonly historyWindow: number;
  readonly dangerPorts: string;
  readonly detailDays: number;
  readonly historyMonths: number | null;
}

/** Settings as they were exported; a limit that is higher here stays. */
export async function updateSite(
  tx: SiteTransaction,
  siteId: string,
  { timeZone, targetLimit, historyWindow, dangerPorts, ...kept }: RestoredSettings,
): Promise<void> {
  await tx
    .updateTable('sites')
    .set({
      time_zone: timeZone,
      history_window: historyWindow,
      danger_ports: dangerPorts,
      detail_days: kept.detailDays,
      history_months: kept.historyMonths,
      target_limit: sql`greatest(target_limit, ${targetLimit}::integer)`,
    })
    .where('id', '=', siteId)
    .execute();
}

/** Stores the base of sights; answers its id. */
export async function insertSightBase(
  tx: SiteTransaction,
  siteId: string,
  json: string,
): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    insert into sight_bases (site_id, group_id, shard_number, sight, created_at)
    select ${siteId}::uuid, "groupId", "shardNumber", decode(sight, 'base64'), "createdAt"
    from json_to_record(${json}::json) as line ("groupId" uuid, "shardNumber" integer, sight text, "createdAt" timestamptz)
    returning id`.execute(tx);
  return rows[0]?.id ?? '';
}

/** In a file, NEW ends with its interval: only scans that still have NEW hosts are to end it (decision 28). */
export async function endRestoredNew(tx: SiteTransaction, siteId: string): Promise<void> {
  await sql`update scans as s set new_until = now() where s.site_id = ${siteId} and not exists (
    select from hosts as h where h.site_id = s.site_id and h.last_scan_id = s.id and h.status = ${hostStatusCode('NEW')})`.execute(
    tx,
  );
}

/**
 * How many intervals there are whose host is not: no key of the database asks for it. Of rows that were
 * just stored the planner knows nothing, and takes them for few: a loop over them would take hours.
 */
export async function countStrayIntervals(tx: SiteTransaction): Promise<number> {
  await sql`select set_config('enable_nestloop', 'off', true)`.execute(tx);
  const { rows } = await sql<{ strays: number }>`select
    (select count(*) from host_intervals as i where not exists (select from hosts as h
      where h.site_id = i.site_id and h.group_id = i.group_id and h.address = i.address))::int
    + (select count(*) from service_intervals as i where not exists (select from hosts as h
      where h.site_id = i.site_id and h.group_id = i.group_id and h.address = i.address))::int as strays`.execute(
    tx,
  );
  await sql`select set_config('enable_nestloop', 'on', true)`.execute(tx);
  return rows[0]?.strays ?? 0;
}

/** Does the work; when it fails, all of it is taken back, and the transaction goes on. */
export async function attempt(tx: SiteTransaction, work: () => Promise<void>): Promise<unknown> {
  await sql`savepoint attempt`.execute(tx);
  try {
    await work();
    await sql`release savepoint attempt`.execute(tx);
    return null;
  } catch (error) {
    await sql`rollback to savepoint attempt`.execute(tx);
    return error;
  }
}
