import type { SiteFacts } from '@netdelta/core/api/site.ts';
import type { ImageType } from '@netdelta/core/site/image-type.ts';
import type { SiteTransaction } from '../db/database.ts';

/** What a site is called, how it writes its times, and the digest of its picture. */
export function selectSiteFacts(tx: SiteTransaction, siteId: string) {
  return tx
    .selectFrom('sites as s')
    .leftJoin('site_logos as l', 'l.site_id', 's.id')
    .select([
      's.slug',
      's.name',
      's.time_zone as timeZone',
      's.date_locale as dateLocale',
      'l.digest as logo',
    ])
    .where('s.id', '=', siteId)
    .executeTakeFirstOrThrow();
}

export async function updateSiteFacts(
  tx: SiteTransaction,
  siteId: string,
  { name, timeZone, dateLocale }: SiteFacts,
): Promise<void> {
  await tx
    .updateTable('sites')
    .set({ name, time_zone: timeZone, date_locale: dateLocale })
    .where('id', '=', siteId)
    .execute();
}

export function selectLogo(tx: SiteTransaction, siteId: string) {
  return tx
    .selectFrom('site_logos')
    .select(['type', 'image', 'digest'])
    .where('site_id', '=', siteId)
    .executeTakeFirst();
}

export async function upsertLogo(
  tx: SiteTransaction,
  siteId: string,
  logo: { type: ImageType; image: Buffer; digest: string },
): Promise<void> {
  await tx
    .insertInto('site_logos')
    .values({ site_id: siteId, ...logo })
    .onConflict((conflict) => conflict.column('site_id').doUpdateSet(logo))
    .execute();
}

/** False: there was none. */
export async function deleteLogo(tx: SiteTransaction, siteId: string): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('site_logos')
    .where('site_id', '=', siteId)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}
