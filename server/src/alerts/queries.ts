import type { NotificationQuery } from '@netdelta/core/api/notifications.ts';
import type { Page } from '@netdelta/core/api/page.ts';
import { type Selectable, sql } from 'kysely';
import type { SiteTransaction } from '../db/database.ts';
import type { NotificationsTable } from '../db/record-tables.ts';
import type { DeltasTable } from '../db/tables.ts';
import type { NewNotification } from './outbox/queries.ts';

/** What a mail about a scan tells of it, its group and its site. */
export async function selectScanForAlert(tx: SiteTransaction, scanId: string) {
  return tx
    .selectFrom('scans as scan')
    .innerJoin('groups as group', 'group.id', 'scan.group_id')
    .innerJoin('sites as site', 'site.id', 'scan.site_id')
    .leftJoin('scans as previous', 'previous.id', 'scan.previous_scan_id')
    .where('scan.id', '=', scanId)
    .select([
      'scan.id',
      'scan.group_id',
      'scan.status',
      'scan.problems',
      'scan.created_at',
      'scan.finished_at',
      'group.name as group_name',
      'group.recipients',
      'site.id as site_id',
      'site.slug as site_slug',
      'site.name as site_name',
      'site.time_zone',
      'site.date_locale',
      'previous.finished_at as previous_finished_at',
    ])
    .executeTakeFirst();
}

export type ScanForAlert = NonNullable<Awaited<ReturnType<typeof selectScanForAlert>>>;

export type AlertDeltaRow = Pick<
  Selectable<DeltasTable>,
  'kind' | 'address' | 'target' | 'protocol' | 'port' | 'before' | 'after' | 'evidence' | 'rated'
> & {
  /** How many deltas of this kind the scan has. */
  readonly of_kind: number;
  /** How many services the new hosts among them have. */
  readonly services: number;
  /** How many of this kind are of each rating. */
  readonly red: number;
  readonly amber: number;
  readonly green: number;
};

/** The most urgent deltas of each kind of a scan, then by address and port, each with how many there are of its kind. */
export async function selectFirstDeltas(
  tx: SiteTransaction,
  { scanId, perKind }: { scanId: string; perKind: number },
): Promise<AlertDeltaRow[]> {
  const { rows } = await sql<AlertDeltaRow>`
    select kind, address, target, protocol, port, before, after, evidence, rated, of_kind, services, red, amber, green
    from (
      select *,
        row_number() over (partition by kind
          order by array_position(array['red', 'amber', 'green'], rating), address, target, port, id) as place,
        (count(*) over (partition by kind))::int as of_kind,
        (count(*) filter (where rating = 'red') over (partition by kind))::int as red,
        (count(*) filter (where rating = 'amber') over (partition by kind))::int as amber,
        (count(*) filter (where rating = 'green') over (partition by kind))::int as green,
        (sum(coalesce(jsonb_array_length(after -> 'services'), 0)) over (partition by kind))::int as services
      from deltas
      where scan_id = ${scanId}
    ) as numbered
    where place <= ${perKind}
    order by kind, place`.execute(tx);
  return rows;
}

/** Records a letter that was sent, or tried, without the outbox. */
export async function insertTriedNotification(
  tx: SiteTransaction,
  row: Omit<NewNotification, 'scan_id' | 'group_id'> & { error: string | null },
): Promise<string> {
  const { error, ...letter } = row;
  const { id } = await tx
    .insertInto('notifications')
    .values({
      ...letter,
      attempts: 1,
      status: error === null ? 'sent' : 'failed',
      last_error: error,
      sent_at: error === null ? sql<Date>`now()` : null,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

const selectNotifications = (tx: SiteTransaction) =>
  tx
    .selectFrom('notifications')
    .leftJoin('groups', 'groups.id', 'notifications.group_id')
    .selectAll('notifications')
    .select('groups.name as group_name');

export type NotificationRow = Selectable<NotificationsTable> & { group_name: string | null };

/** Notifications, the newest first. `after` is the id that ended the page before. */
export async function selectNotificationPage(
  tx: SiteTransaction,
  { status, after, limit }: NotificationQuery,
): Promise<Page<NotificationRow>> {
  const rows = await selectNotifications(tx)
    .$if(status !== undefined, (query) =>
      query.where('notifications.status', '=', status ?? 'sent'),
    )
    .$if(after !== undefined, (query) => query.where('notifications.id', '<', after ?? ''))
    .orderBy('notifications.id', 'desc')
    .limit(limit + 1)
    .execute();
  const items = rows.slice(0, limit);
  return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}

export async function selectNotification(
  tx: SiteTransaction,
  id: string,
): Promise<NotificationRow | undefined> {
  return selectNotifications(tx).where('notifications.id', '=', id).executeTakeFirst();
}
