import type { Role } from '@netdelta/core/access/roles.ts';
import type { SiteState } from '@netdelta/core/api/removal.ts';
import { hostStatusCode } from '@netdelta/core/host/status.ts';
import { type Kysely, sql } from 'kysely';
import type { Tables } from '../../db/tables.ts';
import { siteStateOf } from '../../sites/site-queries.ts';

type Db = Kysely<Tables>;

const MOST_SITES = 2_000;
const UP = (['NEW', 'UP', 'CHANGED', 'RETURNED'] as const).map(hostStatusCode);
const DOWN = (['DOWN', 'STILL_DOWN'] as const).map(hostStatusCode);

export interface OwnSiteRow {
  readonly slug: string;
  readonly name: string;
  readonly role: Role;
  readonly state: SiteState;
  readonly hosts_up: number;
  readonly hosts_missed: number;
  readonly hosts_down: number;
  readonly red_of_week: number;
  readonly deltas_of_day: number;
  readonly last_scan_at: Date | null;
  readonly scans_running: number;
}

/**
 * The sites of a person, each with how things stand there, by one query whatever their number. All of it
 * comes from counters and small indexes, so that it costs the same with a million hosts. Deactivated ones are
 * for those alone who may end them.
 */
export async function selectOwnSites(db: Db, userId: string): Promise<OwnSiteRow[]> {
  const { rows } = await sql<OwnSiteRow>`
    select s.slug, s.name, m.role, ${siteStateOf('s')} as state, tally.*, last.last_scan_at, day.deltas_of_day,
      week.red_of_week, now.scans_running
    from members m
    join sites s on s.id = m.site_id
    cross join lateral (
      select coalesce(sum(hosts) filter (where status = any(${UP})), 0)::int as hosts_up,
        coalesce(sum(hosts) filter (where status = ${hostStatusCode('MISSED')}), 0)::int as hosts_missed,
        coalesce(sum(hosts) filter (where status = any(${DOWN})), 0)::int as hosts_down
      from group_tallies where site_id = s.id
    ) tally
    cross join lateral (
      select max(scan.finished_at) as last_scan_at
      from groups g
      cross join lateral (
        select finished_at from scans
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
      select count(*)::int as red_of_week from deltas
      where site_id = s.id and rating = 'red' and at > now() - interval '7 days'
    ) week
    cross join lateral (
      select count(*)::int as scans_running from scans
      where site_id = s.id and status in ('running', 'cancelling')
    ) now
    where m.user_id = ${userId} and (s.deactivated_at is null or m.role = 'owner')
    order by lower(s.name), s.slug
    limit ${MOST_SITES}`.execute(db);
  return rows;
}

/** All sites, by address, which is the keyset: for platform administrators. */
export async function selectAllSites(
  db: Db,
  { after, limit, text }: { after?: string | undefined; text?: string | undefined; limit: number },
) {
  return db
    .selectFrom('sites')
    .select((site) => [
      'slug',
      'name',
      'created_at',
      'rows_deleted',
      siteStateOf('sites').as('state'),
      site
        .selectFrom('members')
        .select(sql<number>`count(*)::int`.as('count'))
        .whereRef('members.site_id', '=', 'sites.id')
        .as('members'),
    ])
    .$if(!!text, (query) =>
      query.where(
        sql<boolean>`position(lower(${text}) in lower(name)) > 0 or position(lower(${text}) in slug) > 0`,
      ),
    )
    .$if(after !== undefined, (query) => query.where('slug', '>', after ?? ''))
    .orderBy('slug')
    .limit(limit)
    .execute();
}
