import type { Role } from '@netdelta/core/access/roles.ts';
import { type Kysely, sql } from 'kysely';
import type { Tables } from '../../db/tables.ts';

type Db = Kysely<Tables>;

export interface OwnSiteRow {
  readonly slug: string;
  readonly name: string;
  readonly role: Role;
  readonly hosts_up: number;
  readonly deltas_of_day: number;
  readonly last_scan_at: Date | null;
  readonly scans_running: number;
}

/**
 * The sites of a person, each with how things stand there. All of it comes from counters of scans, so
 * that it costs the same with a million hosts.
 */
export async function selectOwnSites(db: Db, userId: string): Promise<OwnSiteRow[]> {
  const { rows } = await sql<OwnSiteRow>`
    select s.slug, s.name, m.role, last.hosts_up, last.last_scan_at, day.deltas_of_day, now.scans_running
    from members m
    join sites s on s.id = m.site_id
    cross join lateral (
      select coalesce(sum(scan.hosts_up), 0)::int as hosts_up, max(scan.finished_at) as last_scan_at
      from groups g
      cross join lateral (
        select hosts_up, finished_at from scans
        where site_id = s.id and group_id = g.id and status in ('finished', 'partial')
        order by created_at desc, id desc limit 1
      ) scan
      where g.site_id = s.id
    ) last
    cross join lateral (
      select coalesce(sum(delta_count), 0)::int as deltas_of_day from scans
      where site_id = s.id and created_at > now() - interval '1 day'
    ) day
    cross join lateral (
      select count(*)::int as scans_running from scans
      where site_id = s.id and status in ('running', 'cancelling')
    ) now
    where m.user_id = ${userId}
    order by lower(s.name), s.slug
    limit 1000`.execute(db);
  return rows;
}

/** All sites, by address, which is the keyset: for platform administrators. */
export async function selectAllSites(
  db: Db,
  { after, limit }: { after?: string | undefined; limit: number },
) {
  return db
    .selectFrom('sites')
    .select((site) => [
      'slug',
      'name',
      'created_at',
      site
        .selectFrom('members')
        .select(sql<number>`count(*)::int`.as('count'))
        .whereRef('members.site_id', '=', 'sites.id')
        .as('members'),
    ])
    .$if(after !== undefined, (query) => query.where('slug', '>', after ?? ''))
    .orderBy('slug')
    .limit(limit)
    .execute();
}
