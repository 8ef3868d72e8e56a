import { randomUUID } from 'node:crypto';
import { type ScanOptionsInput, scanOptions } from '@netdelta/core/profile/options.ts';
import type { Insertable, Selectable } from 'kysely';
import type { Database } from '../database.ts';
import type { GroupsTable, ProfilesTable } from '../tables.ts';

interface BuiltSite {
  readonly siteId: string;
  readonly slug: string;
  readonly userId: string;
}

type SiteOverrides = Partial<{
  slug: string;
  name: string;
  timeZone: string;
  targetLimit: number;
  email: string;
}>;

/** Inserts a site with one owner, who has no password. */
export async function buildSite(
  { system }: Database,
  overrides: SiteOverrides = {},
): Promise<BuiltSite> {
  const unique = randomUUID().slice(0, 8);
  const slug = overrides.slug ?? `site-${unique}`;
  const site = await system
    .insertInto('sites')
    .values({
      slug,
      name: overrides.name ?? `Site ${unique}`,
      time_zone: overrides.timeZone ?? 'UTC',
      target_limit: overrides.targetLimit ?? 65_536,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  const user = {
    id: randomUUID(),
    name: 'Olga Owner',
    email: overrides.email ?? `${slug}@example.test`,
  };
  await system.insertInto('users').values(user).execute();
  const member = { site_id: site.id, user_id: user.id, role: 'owner' as const };
  await system.insertInto('members').values(member).execute();
  return { siteId: site.id, slug, userId: user.id };
}

type ProfileOverrides = Partial<{ name: string; builtIn: boolean; options: ScanOptionsInput }>;

/** Inserts a profile that asks TCP ports 22 and 80 with the built-in engine. */
export async function buildProfile(
  { system }: Database,
  siteId: string,
  overrides: ProfileOverrides = {},
): Promise<Selectable<ProfilesTable>> {
  const options = overrides.options ?? { engine: 'connect', tcp: { kind: 'list', ports: '22,80' } };
  return system
    .insertInto('profiles')
    .values({
      site_id: siteId,
      name: overrides.name ?? `Profile ${randomUUID().slice(0, 8)}`,
      built_in: overrides.builtIn ?? false,
      options: JSON.stringify(scanOptions.parse(options)),
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Inserts a group of one address, 127.0.1.1, with a profile of its own unless one is given. */
export async function buildGroup(
  database: Database,
  siteId: string,
  overrides: Partial<Insertable<GroupsTable>> = {},
): Promise<Selectable<GroupsTable>> {
  const target = { kind: 'range', text: '127.0.1.1', first: '127.0.1.1', last: '127.0.1.1' };
  return database.system
    .insertInto('groups')
    .values({
      site_id: siteId,
      name: `Group ${randomUUID().slice(0, 8)}`,
      targets_text: '127.0.1.1',
      targets: JSON.stringify([target]),
      exclusions: '[]',
      address_count: 1,
      down_after: 3,
      service_down_after: 3,
      profile_id: overrides.profile_id ?? (await buildProfile(database, siteId)).id,
      ...overrides,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}
