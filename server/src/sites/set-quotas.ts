import type { SiteQuotas } from '@netdelta/core/api/site.ts';
import { PLATFORM_LOG } from '../audit/platform-log.ts';
import { type AuditSource, recordAudit } from '../audit/record-audit.ts';
import type { Database } from '../db/database.ts';
import { notFound } from '../http/request-problem.ts';
import type { Queue } from '../queue/queue.ts';
import { selectQuotas, updateQuotas } from './quota-queries.ts';
import { selectSiteBySlug } from './site-queries.ts';

/** Grants a site other quotas; those that are not named stay. Both its own log and the platform's keep it. */
export async function setQuotas(
  { database, queue }: { database: Database; queue: Pick<Queue, 'enqueue'> },
  slug: string,
  { quotas, source }: { quotas: Partial<SiteQuotas>; source: AuditSource },
): Promise<SiteQuotas> {
  return database.system.transaction().execute(async (tx) => {
    const site = await selectSiteBySlug(tx, slug);
    if (!site) throw notFound('site');
    const before = await selectQuotas(tx, site.id);
    const after = { ...before, ...quotas };
    await updateQuotas(tx, site.id, after);
    // There may be room for a scan that waits.
    await queue.enqueue(tx, 'scan.begin', { siteId: site.id });
    const subject = { kind: 'site', id: site.id, name: site.name };
    for (const log of [site.id, PLATFORM_LOG])
      await recordAudit(tx, log, source, { action: 'quotas.edited', subject, before, after });
    return after;
  });
}
