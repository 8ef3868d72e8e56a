import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startWorkers } from '../features.ts';
import type { JobData, JobName } from '../queue/queue.ts';
import { createWholeServer, type WholeServer } from '../testing/create-whole-server.ts';
import { selectFingerprint, selectTables } from './testing/catalog-queries.ts';
import { settleSite } from './testing/settle-site.ts';
import { reopenScan, type SiteIds, selectOpenJobs, selectOwner } from './testing/site-queries.ts';

/** Each kind of job with the site of one and the things of another. */
const CROSSED: { readonly [N in JobName]: (siteId: string, other: SiteIds) => JobData[N] } = {
  'scan.start': (siteId, { scan }) => ({ siteId, scanId: scan }),
  'scan.begin': (siteId) => ({ siteId }),
  'scan.shard': (siteId, { scan }) => ({ siteId, scanId: scan, number: 0, turn: 1 }),
  'alert.scan': (siteId, { scan }) => ({ siteId, scanId: scan }),
  'notification.send': (siteId, { notification }) => ({ siteId, notificationId: notification }),
  'retention.run': (siteId) => ({ siteId }),
  'group.delete': (siteId, { group }) => ({ siteId, groupId: group }),
  'site.remove': (siteId) => ({ siteId }),
  'invitation.send': (siteId, { invitation }) => ({ siteId, invitationId: invitation }),
  'account-notice.send': (siteId) => ({
    ...{ userId: 'nobody', siteId, action: 'password.changed', detail: null },
    ...{ at: '2026-01-01T00:00:00.000Z', address: null, userAgent: null },
  }),
  'login-locked.send': (siteId) => ({
    ...{ siteId, account: 'nobody@example.org', at: '2026-01-01T00:00:00.000Z' },
    ...{ address: '192.0.2.1', userAgent: null },
  }),
  'password-reset.send': (siteId) => ({ siteId, email: 'invited-other@example.org' }),
};

let server: WholeServer;
beforeAll(async () => {
  server = await createWholeServer();
});
afterAll(() => server.close());

it('no job of one site touches what belongs to another', async () => {
  const { database, parts } = server;
  const [own, other] = [await selectOwner(database, 'main'), await selectOwner(database, 'other')];
  await settleSite(database, { ...own, marker: 'OWN' });
  const ids = await settleSite(database, { ...other, marker: 'OTHER' });
  await reopenScan(database, ids.scan);
  const { ofSites } = await selectTables(database);
  const before = await selectFingerprint(database, ofSites, other.siteId);
  await startWorkers(parts);
  const enqueue = <N extends JobName>(name: N) =>
    database.withSite(own.siteId, (tx) =>
      parts.queue.enqueue(tx, name, CROSSED[name](own.siteId, ids)),
    );
  for (const name of Object.keys(CROSSED) as JobName[]) await enqueue(name);
  await vi.waitUntil(async () => (await selectOpenJobs(database)) === 0, {
    timeout: 20_000,
    interval: 50,
  });
  expect(await selectFingerprint(database, ofSites, other.siteId)).toEqual(before);
});
