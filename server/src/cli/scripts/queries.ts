import { type Kysely, sql } from 'kysely';
import type { Tables } from '../../db/tables.ts';

export async function upsertScriptRules(
  db: Kysely<Tables>,
  names: readonly string[],
  allowed: boolean,
): Promise<void> {
  const rule = { allowed, changed_at: sql<Date>`now()` };
  await db
    .insertInto('script_rules')
    .values([...new Set(names)].map((name) => ({ name, ...rule })))
    .onConflict((conflict) => conflict.column('name').doUpdateSet(rule))
    .execute();
}

/** The profiles, of all sites, that name one of these scripts. */
export async function selectProfilesNaming(db: Kysely<Tables>, names: readonly string[]) {
  return db
    .selectFrom('profiles')
    .innerJoin('sites', 'sites.id', 'profiles.site_id')
    .select(['sites.slug as site', 'profiles.name as profile'])
    .where(sql<boolean>`profiles.options->'scripts' ?| ${[...names]}::text[]`)
    .orderBy('sites.slug')
    .orderBy('profiles.name')
    .execute();
}
