import { composeInvitation } from '@netdelta/core/access/compose-people-letters.ts';
import { MailFailure } from '../../channels/mail/mail-failure.ts';
import type { JobData } from '../../queue/queue.ts';
import type { PeopleMailParts } from '../account-parts.ts';
import { createToken, linkTo } from '../one-time-link.ts';
import { selectSiteById } from '../queries.ts';
import { selectInvitation, updateInvitationMail, updateInvitationToken } from './queries.ts';

/**
 * Sends the mail of an invitation that is still open and not sent yet, and notes what became of it.
 * Each attempt makes a new link, which ends that of the attempt before.
 * @throws MailFailure when it is to be tried again later
 */
export async function sendInvitation(
  parts: PeopleMailParts,
  { siteId, invitationId: id }: JobData['invitation.send'],
  signal: AbortSignal,
): Promise<void> {
  const { database, log } = parts;
  const { token, tokenHash } = createToken();
  const letter = await database.withSite(siteId, async (tx) => {
    if (!(await updateInvitationToken(tx, { id, tokenHash }))) return null;
    const row = await selectInvitation(tx, id);
    return row ? { ...(await compose(parts, row, token)), recipient: row.email } : null;
  });
  if (!letter) return;
  const failure = await parts.mail.send(letter, signal).then(() => null, readFailure);
  if (failure?.code === 'cancelled') throw failure;
  const outcome = { id, tokenHash, error: failure?.message ?? null };
  await database.withSite(siteId, (tx) => updateInvitationMail(tx, outcome));
  if (!failure) return;
  log.warn({ siteId, invitation: id, code: failure.code }, failure.message);
  if (failure.retryable) throw failure;
}

type Row = NonNullable<Awaited<ReturnType<typeof selectInvitation>>>;

async function compose({ database, baseUrl }: PeopleMailParts, row: Row, token: string) {
  const site = await selectSiteById(database.system, row.site_id);
  return composeInvitation({
    siteName: site.name,
    invitedBy: row.inviter,
    role: row.role,
    url: linkTo(baseUrl, `${site.slug}/invitation`, token).href,
    expiresAt: row.expires_at.toISOString(),
    timeZone: site.timeZone,
  });
}

function readFailure(error: unknown): MailFailure {
  if (error instanceof MailFailure) return error;
  throw error;
}
