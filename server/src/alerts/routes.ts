import {
  type NotificationView,
  notificationQuery,
  notificationView,
  testMailRequest,
  testMailResult,
} from '@netdelta/core/api/notifications.ts';
import { pageOf } from '@netdelta/core/api/page.ts';
import { composeTestLetter } from '@netdelta/core/policy/compose-alert.ts';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { recordAudit, sourceOf } from '../audit/record-audit.ts';
import { MailFailure } from '../channels/mail/mail-failure.ts';
import { notFound, RequestProblem } from '../http/request-problem.ts';
import type { SiteRoutes } from '../http/site-routes.ts';
import { pageUrl } from './compose.ts';
import { type AlertParts, enqueueSend } from './jobs.ts';
import { updateToDue } from './outbox/queries.ts';
import {
  insertTriedNotification,
  type NotificationRow,
  selectNotification,
  selectNotificationPage,
} from './queries.ts';

export type NotificationRouteParts = Omit<AlertParts, 'log'>;

/** Identities are numbers of the database, at most a bigint. */
const notificationId = z.string().regex(/^\d{1,18}$/, 'is not the number of a notification');
const listQuery = notificationQuery.extend({ after: notificationId.optional() });
const TESTS_A_MINUTE = 10;

/** What was sent, to whom, or why not; a test mail; and trying again. */
export const notificationRoutes =
  (parts: NotificationRouteParts): SiteRoutes =>
  async (app) => {
    app.get(
      '/notifications',
      {
        config: { needs: 'read' },
        schema: { querystring: listQuery, response: { 200: pageOf(notificationView) } },
      },
      async ({ site, query }) => {
        const page = await parts.database.withSite(site.id, (tx) =>
          selectNotificationPage(tx, query),
        );
        return { ...page, items: page.items.map(presentNotification) };
      },
    );
    app.post(
      '/notifications/test',
      {
        config: { needs: 'configure', rateLimit: { max: TESTS_A_MINUTE, timeWindow: 60_000 } },
        schema: { body: testMailRequest, response: { 200: testMailResult } },
      },
      (request) => sendTest(parts, request, request.body.recipient),
    );
    app.post(
      '/notifications/:id/retry',
      {
        config: { needs: 'configure' },
        schema: {
          params: z.object({ id: notificationId }),
          response: { 200: notificationView },
        },
      },
      async (request) => presentNotification(await retry(parts, request, request.params.id)),
    );
  };

/** Sends now and records what came of it; a refusal is an answer, not an error. */
async function sendTest(
  { mail, database, live, config }: NotificationRouteParts,
  request: FastifyRequest,
  recipient: string,
) {
  const { site } = request;
  const letter = composeTestLetter(site.name, pageUrl(config.baseUrl, `${site.slug}/`));
  const error = await mail.send({ ...letter, recipient }).then(() => null, toMessage);
  await database.withSite(site.id, async (tx) => {
    const id = await insertTriedNotification(tx, { site_id: site.id, recipient, ...letter, error });
    await live.publish(tx, { siteId: site.id, type: 'notification', id });
    const subject = { kind: 'notification', id, name: recipient };
    await recordAudit(tx, site.id, sourceOf(request), { action: 'mail.tested', subject });
  });
  if (error !== null) return { delivered: false, message: error };
  return { delivered: true, message: `The mail server took the test mail for ${recipient}.` };
}

function toMessage(error: unknown): string {
  if (error instanceof MailFailure) return error.message;
  throw error;
}

async function retry(
  parts: NotificationRouteParts,
  request: FastifyRequest,
  id: string,
): Promise<NotificationRow> {
  const { site } = request;
  return parts.database.withSite(site.id, async (tx) => {
    if (await updateToDue(tx, id))
      await enqueueSend(parts, tx, { siteId: site.id, notificationId: id });
    const row = await selectNotification(tx, id);
    if (!row) throw notFound('notification');
    if (row.status === 'sent')
      throw new RequestProblem(409, 'already-sent', 'This mail was sent already.');
    const subject = { kind: 'notification', id, name: row.recipient };
    await recordAudit(tx, site.id, sourceOf(request), { action: 'notification.retried', subject });
    return row;
  });
}

function presentNotification(row: NotificationRow): NotificationView {
  return {
    id: row.id,
    scanId: row.scan_id,
    groupName: row.group_name,
    recipient: row.recipient,
    subject: row.subject,
    text: row.text,
    status: row.status,
    attempts: row.attempts,
    lastError: row.last_error,
    nextAttemptAt: row.next_attempt_at?.toISOString() ?? null,
    createdAt: row.created_at.toISOString(),
    sentAt: row.sent_at?.toISOString() ?? null,
  };
}
