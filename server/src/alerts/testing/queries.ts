import type { AlertDelta } from '@netdelta/core/policy/compose-alert.ts';
import { scanOptions } from '@netdelta/core/profile/options.ts';
import type { Kysely } from 'kysely';
import type { Database } from '../../db/database.ts';
import type { ScansTable, Tables } from '../../db/tables.ts';
import { buildGroup } from '../../db/testing/build-site.ts';

export interface TestScan {
  readonly siteId: string;
  readonly groupId: string;
  readonly scanId: string;
}

/** Test data: a group of the site with a scan and its deltas. */
export async function insertTestScan(
  database: Database,
  siteId: string,
  {
    recipients = ['ops@example.org'],
    deltas = [],
    name = 'Office',
    ...scan
  }: Partial<Pick<ScansTable, 'status'>> & {
    problems?: string;
    name?: string;
    recipients?: string[];
    deltas?: readonly AlertDelta[];
  } = {},
): Promise<TestScan> {
  const { id: groupId } = await buildGroup(database, siteId, { recipients, name });
  const { id: scanId } = await database.system
    .insertInto('scans')
    .values({
      status: 'finished',
      ...scan,
      site_id: siteId,
      group_id: groupId,
      trigger: 'person',
      profile_name: 'Quick',
      options: JSON.stringify(scanOptions.parse({})),
      down_after: 3,
      finished_at: '2026-11-24T01:12:00Z',
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  for (const delta of deltas)
    await insertTestDelta(database.system, { siteId, groupId, scanId }, delta);
  return { siteId, groupId, scanId };
}

async function insertTestDelta(
  db: Kysely<Tables>,
  { siteId, groupId, scanId }: TestScan,
  { subject, kind, before, after, evidence, rated }: AlertDelta,
): Promise<void> {
  await db
    .insertInto('deltas')
    .values({
      ...subject,
      kind,
      site_id: siteId,
      group_id: groupId,
      scan_id: scanId,
      at: '2026-11-24T01:12:00Z',
      before: before && JSON.stringify(before),
      after: after && JSON.stringify(after),
      evidence: JSON.stringify(evidence),
      ...(rated && { rating: rated.rating, rated: JSON.stringify(rated) }),
    })
    .execute();
}

/** Makes as if a letter's next attempt had been due a while ago. */
export async function updateToOverdue(db: Kysely<Tables>, id: string, attempts?: number) {
  await db
    .updateTable('notifications')
    .set({ next_attempt_at: '2026-01-01T00:00:00Z', ...(attempts && { attempts }) })
    .where('id', '=', id)
    .execute();
}

export async function selectAllNotifications(db: Kysely<Tables>, siteId: string) {
  return db
    .selectFrom('notifications')
    .where('site_id', '=', siteId)
    .selectAll()
    .orderBy('id')
    .execute();
}
