import { z } from 'zod';
import { pageQuery } from './page.ts';

export const notificationStatus = z.enum(['queued', 'sent', 'failed']);

export const notificationQuery = pageQuery.extend({ status: notificationStatus.optional() });
export type NotificationQuery = z.infer<typeof notificationQuery>;

/** One message to one person: what was sent, to whom, or why not. */
export const notificationView = z.object({
  id: z.string(),
  scanId: z.uuid().nullable(),
  groupName: z.string().nullable(),
  recipient: z.string(),
  subject: z.string(),
  text: z.string(),
  status: notificationStatus,
  attempts: z.number(),
  lastError: z.string().nullable(),
  nextAttemptAt: z.string().nullable(),
  createdAt: z.string(),
  sentAt: z.string().nullable(),
});
export type NotificationView = z.infer<typeof notificationView>;

export const testMailRequest = z.object({ recipient: z.email('is not an e-mail address') });
export type TestMailRequest = z.infer<typeof testMailRequest>;

export const testMailResult = z.object({ delivered: z.boolean(), message: z.string() });
export type TestMailResult = z.infer<typeof testMailResult>;
