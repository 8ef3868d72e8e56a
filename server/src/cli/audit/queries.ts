import { type Kysely, sql } from 'kysely';
import { PLATFORM_LOG } from '../../audit/platform-log.ts';
import type { Tables } from '../../db/tables.ts';

/** A site with an audit log; without a slug where the site is gone and its log stayed, or it is the platform's. */
export interface AuditedSite {
  readonly id: string;
  readonly slug: string | null;
}

/** All sites, with those that are gone, or the one of this slug or id. Steps from site to site of the log, and not through it. */
export async function selectAuditedSites(
  db: Kysely<Tables>,
  wanted: string | undefined,
): Promise<AuditedSite[]> {
  const { rows } = await sql<AuditedSite>`
    with recursive audited as (
      (select site_id from audit_entries order by site_id limit 1)
      union all
      select (select site_id from audit_entries where site_id > audited.site_id order by site_id limit 1)
      from audited where audited.site_id is not null
    ), known as (
      select id from sites union select site_id from audited where site_id is not null
    )
    select known.id::text, sites.slug from known left join sites on sites.id = known.id
    where ${wanted ?? null}::text is null or sites.slug = ${wanted ?? null} or known.id::text = ${wanted ?? null}
      or (${wanted ?? null} = 'platform' and known.id = ${PLATFORM_LOG})
    order by sites.slug nulls last, known.id`.execute(db);
  return rows;
}
