import type { SiteRequest } from '@netdelta/core/api/accounts.ts';
import type { Database } from '../db/database.ts';
import { insertSite, selectSite } from './queries.ts';
import { isTimeZone, NO_TIME_ZONE } from './setup.ts';

type SiteOutcome = 'done' | { readonly problems: { path: string; message: string }[] };

/** Makes a further site with its built-in profiles and its first owner. */
export async function makeSite(
  { system }: Database,
  site: SiteRequest,
  ownerId: string,
): Promise<SiteOutcome> {
  const problems = isTimeZone(site.timeZone) ? [] : [{ path: 'timeZone', message: NO_TIME_ZONE }];
  if (await selectSite(system, site.slug)) problems.push({ path: 'slug', message: TAKEN });
  if (problems.length > 0) return { problems };
  // Two at one moment: the second one violates the unique address, which is answered as 409, too.
  await system.transaction().execute((tx) => insertSite(tx, site, ownerId));
  return 'done';
}

const TAKEN = 'is the address of another site; choose another';
