import { decideRetry } from '@netdelta/core/policy/decide-retry.ts';
import type { BaseLogger } from 'pino';
import { MailFailure } from '../channels/mail/mail-failure.ts';
import type { MailSender } from '../channels/mail/mail-sender.ts';
import type { Database, SiteTransaction } from '../db/database.ts';
import type { Live } from '../db/live.ts';
import type { JobData, Queue } from '../queue/queue.ts';
import { composeLetters } from './compose.ts';
import {
  type ClaimedNotification,
  insertNotifications,
  selectDueTime,
  selectOverdue,
  updateToClaimed,
  updateToReleased,
  updateToSent,
  updateToTried,
} from './outbox/queries.ts';

export interface AlertParts {
  readonly database: Database;
  readonly queue: Queue;
  readonly live: Live;
  readonly mail: MailSender;
  readonly log: Pick<BaseLogger, 'info' | 'warn'>;
  /** `baseUrl`: where people reach the pages, for the links in mails. */
  readonly config: { readonly baseUrl: URL };
}

const SENDERS = 4;

/** Starts the workers that compose and send mails, and takes up letters whose job was lost. */
export async function startAlertWorkers(parts: AlertParts): Promise<void> {
  await parts.queue.work('alert.scan', 1, (data) => runScanAlert(parts, data));
  await parts.queue.work('notification.send', SENDERS, (data, { signal }) =>
    runSend(parts, data, signal),
  );
  await enqueueOverdue(parts);
}

/** Writes the letters about a scan into the outbox. Running it again writes none twice. */
export async function runScanAlert(
  parts: AlertParts,
  { siteId, scanId }: JobData['alert.scan'],
): Promise<void> {
  const { baseUrl } = parts.config;
  const count = await parts.database.withSite(siteId, async (tx) => {
    const ids = await insertNotifications(tx, await composeLetters(tx, { scanId, baseUrl }));
    for (const id of ids) await enqueueSend(parts, tx, { siteId, notificationId: id });
    return ids.length;
  });
  if (count > 0) parts.log.info({ siteId, scanId, count }, 'letters are in the outbox');
}

/** Enqueues the sending of a letter, now or at `startAfter`, and tells open pages. */
export async function enqueueSend(
  { queue, live }: Pick<AlertParts, 'queue' | 'live'>,
  tx: SiteTransaction,
  { startAfter, ...job }: JobData['notification.send'] & { startAfter?: Date },
): Promise<void> {
  const { siteId, notificationId: id } = job;
  // A job that waits for a later attempt must not keep out one that is wanted now.
  const key = startAfter ? `${id}@${startAfter.toISOString()}` : id;
  await queue.enqueue(tx, 'notification.send', job, { key, ...(startAfter && { startAfter }) });
  await live.publish(tx, { siteId, type: 'notification', id });
}

/**
 * Makes one attempt at one letter: claims it, sends it outside any transaction, records the outcome.
 * Two workers never send the same letter, for only one gets the claim. A worker that dies after the
 * mail server took the mail and before that is recorded makes it be sent once more when the lease
 * has ended: SMTP knows no way out of this, and a mail twice is better than none. Both then have one
 * Message-ID.
 */
export async function runSend(
  parts: AlertParts,
  job: JobData['notification.send'],
  signal: AbortSignal,
): Promise<void> {
  const { siteId, notificationId } = job;
  const { database } = parts;
  const claimed = await database.withSite(siteId, (tx) => updateToClaimed(tx, notificationId));
  if (!claimed) return database.withSite(siteId, (tx) => enqueueWhenDue(parts, tx, job));
  const failure = await trySend(parts.mail, { siteId, claimed }, signal);
  await database.withSite(siteId, (tx) => record(parts, tx, { siteId, claimed, failure }));
}

/** The claim is another's, perhaps of a worker that is gone: look again when its lease has ended. */
async function enqueueWhenDue(
  parts: AlertParts,
  tx: SiteTransaction,
  job: JobData['notification.send'],
): Promise<void> {
  const startAfter = await selectDueTime(tx, job.notificationId);
  if (startAfter) await enqueueSend(parts, tx, { ...job, startAfter });
}

interface Attempt {
  readonly siteId: string;
  readonly claimed: ClaimedNotification;
}

async function trySend(
  mail: MailSender,
  { siteId, claimed }: Attempt,
  signal: AbortSignal,
): Promise<MailFailure | null> {
  try {
    await mail.send({ ...claimed, key: `${claimed.id}.${siteId}` }, signal);
    return null;
  } catch (error) {
    if (error instanceof MailFailure) return error;
    throw error;
  }
}

async function record(
  parts: AlertParts,
  tx: SiteTransaction,
  { siteId, claimed, failure }: Attempt & { failure: MailFailure | null },
): Promise<void> {
  const job = { siteId, notificationId: claimed.id };
  if (failure?.code === 'cancelled') {
    await updateToReleased(tx, claimed);
    return enqueueSend(parts, tx, job);
  }
  if (!failure) await updateToSent(tx, claimed.id);
  else await recordFailure(parts, tx, { siteId, claimed, failure });
  await parts.live.publish(tx, { siteId, type: 'notification', id: claimed.id });
}

async function recordFailure(
  parts: AlertParts,
  tx: SiteTransaction,
  { siteId, claimed, failure }: Attempt & { failure: MailFailure },
): Promise<void> {
  const { id, attempts } = claimed;
  const waitSeconds = decideRetry({ attempts, retryable: failure.retryable });
  const startAfter = await updateToTried(tx, claimed, { error: failure.message, waitSeconds });
  const { code, message } = failure;
  parts.log.warn({ siteId, notification: id, attempts, code, waitSeconds }, message);
  if (startAfter) await enqueueSend(parts, tx, { siteId, notificationId: id, startAfter });
}

async function enqueueOverdue(parts: AlertParts): Promise<void> {
  const overdue = await selectOverdue(parts.database.system);
  for (const { site_id: siteId, id } of overdue)
    await parts.database.withSite(siteId, (tx) =>
      enqueueSend(parts, tx, { siteId, notificationId: id }),
    );
}
