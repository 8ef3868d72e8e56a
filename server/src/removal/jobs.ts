import type { Database } from '../db/database.ts';
import type { Log } from '../log.ts';
import type { ScanParts } from '../scans/scan-lifecycle.ts';
import { removeGroupInSteps } from './remove-group.ts';
import { removeSite } from './remove-site.ts';

/** Takes the jobs that delete, one of each at a time: they are never urgent. */
export async function startRemovalWorkers(
  parts: ScanParts & { readonly database: Database; readonly log: Log },
): Promise<void> {
  const { queue, database, log } = parts;
  await queue.work('group.delete', 1, ({ siteId, groupId }, { signal }) =>
    removeGroupInSteps({ database, siteId, signal }, groupId),
  );
  await queue.work('site.remove', 1, async ({ siteId }, { signal }) => {
    const outcome = await removeSite({ ...parts, siteId, signal });
    log.info({ siteId, outcome }, 'a site was taken out of use');
  });
}
