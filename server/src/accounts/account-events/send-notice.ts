import { composeAccountNotice } from '@netdelta/core/access/compose-account-notice.ts';
import { MailFailure } from '../../channels/mail/mail-failure.ts';
import type { JobData } from '../../queue/queue.ts';
import type { PeopleMailParts } from '../account-parts.ts';
import { selectAddressee, selectPlace } from './queries.ts';

/**
 * Tells a person what was done to their account.
 * @throws MailFailure when it is to be tried again later
 */
export async function sendNotice(
  { database: { system }, mail, baseUrl, log }: PeopleMailParts,
  { userId, siteId, ...what }: JobData['account-notice.send'],
  signal: AbortSignal,
): Promise<void> {
  const person = await selectAddressee(system, userId);
  if (!person) return;
  const site = siteId === null ? undefined : await selectPlace(system, siteId);
  const root = baseUrl.href.endsWith('/') ? baseUrl.href : `${baseUrl.href}/`;
  const url = new URL(site ? `${site.slug}/account` : '', root).href;
  const letter = composeAccountNotice({ ...what, url, timeZone: site?.timeZone ?? 'UTC' });
  try {
    await mail.send({ ...letter, recipient: person.email }, signal);
  } catch (error) {
    if (!(error instanceof MailFailure)) throw error;
    log.warn({ userId, code: error.code }, error.message);
    if (error.retryable) throw error;
  }
}
