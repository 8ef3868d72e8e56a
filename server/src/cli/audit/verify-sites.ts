import { checkEntries, type HashedEntry, hashedEntries } from '../../audit/check-chain.ts';
import { selectChain } from '../../audit/queries.ts';
import { walkChain } from '../../audit/walk-chain.ts';
import type { Database } from '../../db/database.ts';
import type { Surroundings } from '../surroundings.ts';
import { describeNoSite } from './export-audit.ts';
import { selectAuditedSites } from './queries.ts';
import { report, type SiteCheck, watch } from './report.ts';
import type { VerifyOptions } from './verify-files.ts';

/** Checks the stored chains of one site, or of all, each piece in a transaction of its own: entries are only added. */
export async function verifySites(
  database: Database,
  options: VerifyOptions,
  surroundings: Surroundings,
): Promise<number> {
  const sites = await selectAuditedSites(database.system, options.site);
  if (options.site !== undefined && sites.length === 0) {
    surroundings.complain(describeNoSite(options.site));
    return 2;
  }
  const noted = createNoted(options.noted);
  const checks: SiteCheck[] = [];
  try {
    for (const { id, slug } of sites) {
      const rows = walkChain((page) => database.withSite(id, (tx) => selectChain(tx, id, page)));
      const entries = watch(noted.look(hashedEntries(rows)), surroundings);
      checks.push({ site: slug, siteId: id, ...(await checkEntries(entries)) });
    }
  } catch (error) {
    if (!surroundings.signal.aborted) throw error;
    surroundings.complain('Stopped: nothing is said of what was not read.');
    return 3;
  }
  return report(checks, { ...options, found: noted.isFound() }, surroundings);
}

/** Looks for the noted hash among those that pass. */
function createNoted(noted: string | undefined) {
  let found = false;
  return {
    isFound: () => found,
    look: async function* (entries: AsyncIterable<HashedEntry>): AsyncGenerator<HashedEntry> {
      for await (const one of entries) {
        yield one;
        // Asked for the next one: this one was judged, and is whole.
        if (noted !== undefined && one.hash.toString('hex') === noted) found = true;
      }
    },
  };
}
