import { composePasswordReset } from '@netdelta/core/access/compose-people-letters.ts';
import { MailFailure } from '../../channels/mail/mail-failure.ts';
import type { JobData } from '../../queue/queue.ts';
import type { PeopleMailParts } from '../account-parts.ts';
import { createToken, linkTo } from '../one-time-link.ts';
import { selectSiteById } from '../queries.ts';
import { RESET_MINUTES, selectMemberByEmail, upsertReset } from './queries.ts';

/**
 * Makes the link for a forgotten password and sends it, if the address is a member's.
 * @throws MailFailure when it is to be tried again later
 */
export async function sendReset(
  { database, mail, baseUrl, log }: PeopleMailParts,
  { siteId, email }: JobData['password-reset.send'],
  signal: AbortSignal,
): Promise<void> {
  const member = await database.withSite(siteId, (tx) => selectMemberByEmail(tx, email));
  if (!member) return;
  const { token, tokenHash } = createToken();
  await upsertReset(database.system, member.id, tokenHash);
  const { slug } = await selectSiteById(database.system, siteId);
  const url = linkTo(baseUrl, `${slug}/new-password`, token).href;
  const letter = composePasswordReset({ url, minutes: RESET_MINUTES });
  try {
    await mail.send({ ...letter, recipient: member.email }, signal);
  } catch (error) {
    if (!(error instanceof MailFailure)) throw error;
    log.warn({ siteId, code: error.code }, error.message);
    if (error.retryable) throw error;
  }
}
