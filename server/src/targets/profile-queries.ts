import type { ProfileRequest } from '@netdelta/core/api/groups.ts';
import { type Selectable, sql } from 'kysely';
import type { SiteTransaction } from '../db/database.ts';
import type { ProfilesTable } from '../db/tables.ts';

export type ProfileRow = Selectable<ProfilesTable> & { group_count: number };

const selectWithGroupCount = (tx: SiteTransaction) =>
  tx
    .selectFrom('profiles as p')
    .selectAll('p')
    .select(
      sql<number>`(select count(*)::int from groups g where g.site_id = p.site_id and g.profile_id = p.id)`.as(
        'group_count',
      ),
    );

/** All profiles of the site: the built-in ones first, each kind by name. */
export function selectProfiles(tx: SiteTransaction): Promise<ProfileRow[]> {
  return selectWithGroupCount(tx)
    .orderBy('p.built_in', 'desc')
    .orderBy(sql`lower(p.name)`)
    .execute();
}

export function selectProfile(tx: SiteTransaction, id: string): Promise<ProfileRow | undefined> {
  return selectWithGroupCount(tx).where('p.id', '=', id).executeTakeFirst();
}

/** Locks a profile, so that no group takes it until the transaction ends. */
export function selectProfileForUpdate(tx: SiteTransaction, id: string) {
  return tx
    .selectFrom('profiles')
    .select(['id', 'name', 'built_in'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
}

export async function selectGroupNamesOfProfile(
  tx: SiteTransaction,
  profileId: string,
): Promise<string[]> {
  const groups = await tx
    .selectFrom('groups')
    .select('name')
    .where('profile_id', '=', profileId)
    .orderBy(sql`lower(name)`)
    .execute();
  return groups.map(({ name }) => name);
}

export async function insertProfile(
  tx: SiteTransaction,
  siteId: string,
  { options, ...profile }: ProfileRequest,
): Promise<string> {
  const { id } = await tx
    .insertInto('profiles')
    .values({ ...profile, site_id: siteId, options: JSON.stringify(options) })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

export async function updateProfile(
  tx: SiteTransaction,
  id: string,
  { options, ...profile }: ProfileRequest,
): Promise<void> {
  await tx
    .updateTable('profiles')
    .set({ ...profile, options: JSON.stringify(options), updated_at: sql`now()` })
    .where('id', '=', id)
    .execute();
}

export async function deleteProfile(tx: SiteTransaction, id: string): Promise<void> {
  await tx.deleteFrom('profiles').where('id', '=', id).execute();
}
