import { type Kysely, sql } from 'kysely';
import type { SiteTransaction } from '../../db/database.ts';
import type { Tables } from '../../db/tables.ts';

export interface NewNotification {
  readonly site_id: string;
  readonly scan_id: string;
  readonly group_id: string;
  readonly recipient: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Puts letters into the outbox; a person gets one a scan. Returns the ids of the new ones alone. */
export async function insertNotifications(
  tx: SiteTransaction,
  notifications: readonly NewNotification[],
): Promise<string[]> {
  if (notifications.length === 0) return [];
  const rows = await tx
    .insertInto('notifications')
    .values(notifications.map((row) => ({ ...row, next_attempt_at: sql<Date>`now()` })))
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .execute();
  return rows.map(({ id }) => id);
}

/** While a worker sends, nobody else may: longer than a send may take. */
const LEASE = sql`interval '60 seconds'`;

/**
 * Claims a letter that is due for one attempt, or none when it is not due, not queued, or claimed
 * by another worker whose lease still runs. A worker that vanishes loses its claim with the lease.
 */
export async function updateToClaimed(tx: SiteTransaction, id: string) {
  return tx
    .updateTable('notifications')
    .set({ attempts: sql`attempts + 1`, next_attempt_at: sql<Date>`now() + ${LEASE}` })
    .where('id', '=', id)
    .where('status', '=', 'queued')
    .where((row) =>
      row.or([row('next_attempt_at', 'is', null), row('next_attempt_at', '<=', sql<Date>`now()`)]),
    )
    .returning(['id', 'recipient', 'subject', 'text', 'html', 'attempts'])
    .executeTakeFirst();
}

export type ClaimedNotification = NonNullable<Awaited<ReturnType<typeof updateToClaimed>>>;

/** When a queued letter is due; undefined when it is not queued. */
export async function selectDueTime(tx: SiteTransaction, id: string): Promise<Date | undefined> {
  const row = await tx
    .selectFrom('notifications')
    .where('id', '=', id)
    .where('status', '=', 'queued')
    .select(sql<Date>`coalesce(next_attempt_at, now())`.as('due'))
    .executeTakeFirst();
  return row?.due;
}

export async function updateToSent(tx: SiteTransaction, id: string): Promise<void> {
  await tx
    .updateTable('notifications')
    .set({ status: 'sent', sent_at: sql<Date>`now()`, last_error: null, next_attempt_at: null })
    .where('id', '=', id)
    .execute();
}

/** What is left of a claim after its attempt: `attempts` is its mark, so that a late worker changes nothing. */
export type Claim = Pick<ClaimedNotification, 'id' | 'attempts'>;

/** Records a failed attempt: to be tried again after `waitSeconds`, or given up when that is `null`. */
export async function updateToTried(
  tx: SiteTransaction,
  { id, attempts }: Claim,
  { error, waitSeconds }: { error: string; waitSeconds: number | null },
): Promise<Date | null> {
  const next = sql<Date | null>`now() + make_interval(secs => ${waitSeconds})`;
  const row = await tx
    .updateTable('notifications')
    .set({
      status: waitSeconds === null ? 'failed' : 'queued',
      last_error: error,
      next_attempt_at: next,
    })
    .where('id', '=', id)
    .where('status', '=', 'queued')
    .where('attempts', '=', attempts)
    .returning('next_attempt_at')
    .executeTakeFirst();
  return row?.next_attempt_at ?? null;
}

/** Gives a claim back as if it had not been made. */
export async function updateToReleased(tx: SiteTransaction, { id, attempts }: Claim) {
  await tx
    .updateTable('notifications')
    .set({ attempts: attempts - 1, next_attempt_at: sql<Date>`now()` })
    .where('id', '=', id)
    .where('status', '=', 'queued')
    .where('attempts', '=', attempts)
    .execute();
}

/**
 * Makes a letter that failed, or that waits for its next attempt, due at once, with all its
 * attempts before it again. One that is just being sent is left alone. Tells whether it is due.
 */
export async function updateToDue(tx: SiteTransaction, id: string): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('notifications')
    .set({ status: 'queued', attempts: 0, next_attempt_at: sql<Date>`now()` })
    .where('id', '=', id)
    .where((row) =>
      row.or([
        row('status', '=', 'failed'),
        row.and([
          row('status', '=', 'queued'),
          row('next_attempt_at', '>', sql<Date>`now() + ${LEASE}`),
        ]),
      ]),
    )
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

/** Letters of all sites that have been due for a while: their job was lost. At most 1,000, the longest due first. */
export async function selectOverdue(db: Kysely<Tables>) {
  return db
    .selectFrom('notifications')
    .where('status', '=', 'queued')
    .where('next_attempt_at', '<', sql<Date>`now() - ${LEASE}`)
    .orderBy('next_attempt_at')
    .limit(1_000)
    .select(['site_id', 'id'])
    .execute();
}
