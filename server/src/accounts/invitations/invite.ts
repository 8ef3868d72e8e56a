import { randomUUID } from 'node:crypto';
import type { Delivery, InvitationMade, InvitationRequest } from '@netdelta/core/api/people.ts';
import { type AuditSource, recordAudit } from '../../audit/record-audit.ts';
import type { SiteTransaction } from '../../db/database.ts';
import { notFound, RequestProblem } from '../../http/request-problem.ts';
import type { RequestPerson, RequestSite } from '../../http/site-routes.ts';
import type { AccountParts } from '../account-parts.ts';
import { lockOwnRole, requireMayGive } from '../members/change-members.ts';
import { createToken, linkTo } from '../one-time-link.ts';
import { presentInvitation } from './present-invitation.ts';
import {
  deleteInvitation,
  type InvitationRow,
  insertInvitation,
  selectInvitation,
  selectIsMemberByEmail,
  updateInvitationLink,
} from './queries.ts';

type InvitationParts = Pick<AccountParts, 'database' | 'queue' | 'mail' | 'baseUrl'>;

interface Inviter {
  readonly site: RequestSite;
  readonly person: RequestPerson;
  readonly source: AuditSource;
}

/**
 * Invites an address into the site, by mail or by a link that is answered this once.
 * @throws RequestProblem 403 above one's own role, as it is now; 409 for members, invited ones, and
 * without mail
 */
export async function invite(
  parts: InvitationParts,
  inviter: Inviter,
  request: InvitationRequest,
): Promise<InvitationMade> {
  const { site, person } = inviter;
  requireMail(parts, request.delivery);
  const id = randomUUID();
  const email = request.email.toLowerCase();
  const { link, row } = makeLink(parts, site, request.delivery);
  return parts.database.withSite(site.id, async (tx) => {
    requireMayGive(await lockOwnRole(tx, inviter), request.role);
    if (await selectIsMemberByEmail(tx, email)) throw alreadyMember(email);
    const who = { site_id: site.id, id, email, role: request.role, invited_by: person.id };
    if (!(await insertInvitation(tx, { ...who, ...row }))) throw alreadyInvited(email);
    const made = await finish(parts, tx, { site, id, link });
    await record(tx, inviter, { action: 'invitation.created', invitation: made.invitation });
    return made;
  });
}

/**
 * Ends the link that was sent and makes another, which is valid for seven days again. From now on it
 * is an invitation by whoever renews it, and ends when they lose the right to it.
 */
export async function renew(
  parts: InvitationParts,
  inviter: Inviter,
  { id, delivery }: { id: string; delivery: Delivery },
): Promise<InvitationMade> {
  const { site, person } = inviter;
  requireMail(parts, delivery);
  const { link, row } = makeLink(parts, site, delivery);
  return parts.database.withSite(site.id, async (tx) => {
    const own = await lockOwnRole(tx, inviter);
    const invitation = await requireInvitation(tx, id);
    requireMayGive(own, invitation.role);
    await updateInvitationLink(tx, id, { ...row, invited_by: person.id });
    const made = await finish(parts, tx, { site, id, link });
    await record(tx, inviter, { action: 'invitation.renewed', invitation: made.invitation });
    return made;
  });
}

export async function revoke(parts: InvitationParts, inviter: Inviter, id: string): Promise<void> {
  const { site } = inviter;
  await parts.database.withSite(site.id, async (tx) => {
    const own = await lockOwnRole(tx, inviter);
    const invitation = await requireInvitation(tx, id);
    requireMayGive(own, invitation.role);
    await deleteInvitation(tx, id);
    await record(tx, inviter, { action: 'invitation.revoked', invitation });
  });
}

function record(
  tx: SiteTransaction,
  { site, source }: Inviter,
  {
    action,
    invitation,
  }: {
    action: 'invitation.created' | 'invitation.renewed' | 'invitation.revoked';
    invitation: Pick<InvitationRow, 'id' | 'email' | 'role'>;
  },
): Promise<void> {
  const { id, email, role } = invitation;
  const subject = { kind: 'invitation', id, name: email };
  const side = { role };
  const sides = action === 'invitation.revoked' ? { before: side } : { after: side };
  return recordAudit(tx, site.id, source, { action, subject, ...sides });
}

/** A mail gets its link when it is sent; one that is handed over gets it now. */
function makeLink({ baseUrl }: InvitationParts, { slug }: RequestSite, delivery: Delivery) {
  if (delivery === 'mail') return { link: null, row: { token_hash: null, delivery } };
  const { token, tokenHash } = createToken();
  const link = linkTo(baseUrl, `${slug}/invitation`, token).href;
  return { link, row: { token_hash: tokenHash, delivery } };
}

/** Enqueues the mail where there is one. */
async function finish(
  { queue }: InvitationParts,
  tx: SiteTransaction,
  { site, id, link }: { site: RequestSite; id: string; link: string | null },
): Promise<InvitationMade> {
  const row = await requireInvitation(tx, id);
  const job = { siteId: site.id, invitationId: id };
  if (row.delivery === 'mail') await queue.enqueue(tx, 'invitation.send', job, { key: id });
  return { invitation: presentInvitation(row), link };
}

async function requireInvitation(tx: SiteTransaction, id: string): Promise<InvitationRow> {
  const row = await selectInvitation(tx, id);
  if (!row) throw notFound('invitation');
  return row;
}

function requireMail({ mail }: InvitationParts, delivery: Delivery): void {
  if (delivery === 'link' || mail.configured) return;
  const message = `${mail.note} Until then, take the link and hand it over yourself.`;
  throw new RequestProblem(409, 'mail-not-configured', message);
}

function alreadyMember(email: string): RequestProblem {
  return new RequestProblem(409, 'already-member', `${email} is a member of this site already.`);
}

function alreadyInvited(email: string): RequestProblem {
  const message = `${email} is invited already. Send the invitation again, or revoke it first.`;
  return new RequestProblem(409, 'already-invited', message);
}
